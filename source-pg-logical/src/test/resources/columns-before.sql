create type mood as enum ('sad', 'ok');
create table t(id int primary key, v varchar(20) not null default 'abc', tx text, n numeric(10,2), i int, c char(8), m mood, ta text[], tsx timestamp(3), v100 varchar(100) default 'def', d varchar(5), bt bit(5), by bytea, iv interval, ex int, i2 int2, i8 int8, f4 float4, f8 float8, bo bool, da date, tm time, tz timestamptz, ttz timetz(2), ts0 timestamp(0), vb varbit(7), o oid);
create table kx(a int, b text, c int, primary key (a, b));
insert into t(id) values (0);
insert into kx values (1, 'bb', 2);
