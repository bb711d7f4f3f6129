insert into t values (1, 'hello world', 'some longer text', 1.5, 3, 'abc', 'ok', '{abc,def}', '2020-01-01', 'a much longer text than twenty', 'abcde', '10101', '\x0102', '1 day', 5);;
insert into t(id, v, tx, c, ex) values (2, '', 'ü€😀ü€😀ü€😀ü€😀ü€😀ü€😀', '', 6);;
update t set ex = 7 where id = 2;;
update t set tx = 'changed' where id = 2;;
update t set id = 3 where id = 2;;
alter table t replica identity full;;
update t set ex = 8 where id = 3;;
update t set i = 9 where id = 3;;
update kx set c = 3;;
delete from t;;
update kx set c = 5
