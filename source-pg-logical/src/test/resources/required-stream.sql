update t set n = 2.50;;
update t set dd = 'infinity', tz = '-infinity', nn = 1;;
update t set id = 2;;
delete from t
