insert into t values (2, '[1e10,-1e-10,0.333333333]', '[3.4028235e38,1e-45]', null, '[7,8]', '[0.1]', '[65504,-0.00006]', '[0.1]', '[2]', '{1:1e10,5:-1e-10}/5', '{1:0.333333333}/5', '{}/16000', '[9,10]', '{}', '{"[1]"}', null, '101', 1);;
insert into t (id, vn, hn, sn) values (3, '[-0,0]', '[-0]', '{}/5');;
update t set v = '[4,5,6]', h = '[1,1]', s = '{2:2}/5', va = '{"[1]"}' where id = 1;;
update t set last = 2;;
update t set v = null, s = null, h = null, va = null;;
alter table t add column w vector(3) not null default '[1,2,3]', add column x sparsevec(32767), add column y sparsevec;;
insert into t (id, vn, hn, sn, x, y) values (4, '[1,2]', '[1]', '{}/5', '{32767:1}/32767', '{1:1}/32767');;
delete from t where id = 3;;
alter table t replica identity default;;
update t set last = 3
