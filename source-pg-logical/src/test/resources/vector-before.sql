create extension vector;
create domain embedding as vector(2);
create table t(id int primary key, v vector(3), vn vector(2) not null, vd vector(2) default '[1,2]', vnd vector(2) not null default '[3,4]', vu vector, h halfvec(2), hn halfvec(1) not null, hnd halfvec(1) not null default '[1]', s sparsevec(5), sn sparsevec(5) not null, su sparsevec, e embedding, va vector[], ha halfvec[], sa sparsevec[], b bit(3), last int);
insert into t values (0, '[1,2,3]', '[0,0]', '[5,6]', '[7,8]', '[1]', '[1.5,-2]', '[0]', '[2]', '{1:1.5,3:-2}/5', '{}/5', '{2:1}/3', '[9,10]', '{"[1,2]","[3]"}', '{"[1,2]"}', null, '101', 1);
insert into t (id, vn, hn, sn) values (1, '[1.1,0.1]', '[0.1]', '{5:0.1}/5');
alter table t replica identity full;
