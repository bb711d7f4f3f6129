create type mood as enum ('sad','ok','it''s "happy"');
create table public.plain(id int primary key, name text);
create table public.types(
 id bigserial primary key,
 b bool, bn bool not null, bd bool not null default true,
 i2 int2, i4 int4, i8 int8, i4d int default 42, i8nn int8 not null default 7, i2d int2 not null default -3,
 f4 float4, f8 float8, f8d float8 default 1.5, f4nn float4 not null default 0,
 n numeric, n2 numeric(12,2), n0 numeric(5), nd numeric(12,2) not null default 0, nvd numeric default 1.25, n60 numeric(60,20),
 t text, v varchar(10), c char(5), td text default 'x', vnn varchar(20) not null default 'it''s', tn text default null, cd char(5) default 'ab',
 ts timestamp, ts0 timestamp(0), ts3 timestamp(3), ts4 timestamp(4), tsd timestamp default now(), tsdd timestamp not null default '2020-01-02 03:04:05.123456', ts3d timestamp(3) default '2020-01-02 03:04:05.123',
 tz timestamptz, tz3 timestamptz(3), tzd timestamptz not null default now(), tzdd timestamptz default '2020-01-02 03:04:05+00',
 d date, dd date not null default '2020-01-02', dn date default current_date,
 tm time, tm3 time(3), tm0 time(0), tmd time default '10:11:12',
 ttz timetz,
 u uuid, ud uuid not null default gen_random_uuid(), udd uuid default 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
 j json, jb jsonb, jbd jsonb not null default '{}'::jsonb,
 by bytea, byd bytea default '\x0102',
 m mood, md mood not null default 'ok',
 ab bool[], ai2 int2[], ai int[], ai8 int8[], af4 float4[], af8 float8[], an numeric[], an2 numeric(12,2)[], at text[], av varchar(10)[], ac char(5)[],
 ats timestamp[], ats3 timestamp(3)[], atz timestamptz[], ad date[], atm time[], au uuid[], aj json[], ajb jsonb[], aby bytea[], am mood[], aid int[] not null default '{1,2}', atd text[] default array['a','b'],
 o oid, mo money, iv interval, ip inet, cd2 cidr, mac macaddr, x xml, bt bit(1), bt3 bit(3), vb varbit(5), r int4range, tsv tsvector, nchr "char",
 ttz3 timetz(3), mac8 macaddr8, ip2 inet[], ttza timetz[], tr tsrange, dr daterange, nr numrange, i8r int8range
);
create table public.nokey(a int, b text);
create table public.comp(a int, b text, c int, primary key (c, a));
create table public.full_id(id int primary key, name text, n numeric(10,2));
alter table full_id replica identity full;
create table public.nothing_id(id int primary key, name text);
create table public.idx_id(id int primary key, k int not null unique, name text);
create unique index idx_id_k2 on idx_id(k); alter table idx_id replica identity using index idx_id_k2;
create schema "My Schema";
create table "My Schema"."Tab-le é"("Id x" int primary key, "näme" text);
create table public.toast(id int primary key, n int, big text, bigb bytea, bigj jsonb, biga text[], bign numeric, bigia int[], bigua uuid[], bigda date[], bigba bytea[], bigla int8[], bigva varchar(40)[]);
create table public.uniq(a int not null, b text not null, constraint uq unique (b));
create table public.uniq2(a int, b text);
create unique index on uniq2(a);
create table public.empty_t(id int primary key);
insert into plain values (1,'a'),(2,null);
insert into nokey values (1,'x');
insert into comp values (1,'x',2);
insert into "My Schema"."Tab-le é" values (1,'ü€😀');
insert into uniq values (1,'x'); insert into uniq2 values (1,'x');
insert into types(bn) values (false);
insert into types values (100, true, false, false, 32767, 2147483647, 9223372036854775807, 1,1,1, 'NaN','Infinity','-Infinity',1.17549e-38,
 '-12345678901234567890123456789012345678901234567890.123456789', 1234567890.12, 99999, 1.5, 1, 1234567890.12345678901234567890,
 'text', 'varchar', 'abc', 'y', 'z', 'q', 'cd',
 '2026-01-02 03:04:05.678901','2026-01-02 03:04:05','2026-01-02 03:04:05.678','2026-01-02 03:04:05.6789', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999','1969-12-31 23:59:59.999',
 '2026-01-02 03:04:05.678901+02','2026-01-02 03:04:05.67+02','2026-01-02 03:04:05+02','1500-01-01 00:00:00+00',
 '2026-01-02','0001-01-01','9999-12-31', '23:59:59.999999','23:59:59.999','00:00:00','12:34:56.1', '10:20:30.123456+05:30',
 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11','a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12',null,
 '{"a" : 1}','{"b":  2, "a":1}','[]', '\xdeadbeef','\x', 'it''s "happy"','sad',
 '{t,f,null}','{1,-2}','{1,null,3}','{9223372036854775807}','{1.5,NaN}','{2.5,Infinity}','{1.10,2}','{1.1,2.25}','{a,NULL,"NULL","with \"quote\" and \\back","", "c,d"}','{x,y}','{a,bc}',
 '{"2026-01-02 03:04:05.678901"}','{"2026-01-02 03:04:05.678"}','{"2026-01-02 03:04:05.678901+02"}','{2026-01-02}','{10:11:12.5}','{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}','{"{\"a\" : 1}"}','{"{\"a\": 1}"}','{"\\x01","\\x0203"}','{sad,"it''s \"happy\""}','{3}','{c}',
  4294967295, '$1,234.56', '1 year 2 mons 3 days 04:05:06.789', '10.0.0.1/24','10.0.0.0/8','08:00:2b:01:02:03','<a/>',B'1',B'101',B'1010','[1,5)','a b','c',
 '10:20:30.123+05:30','08:00:2b:01:02:03:04:05','{10.0.0.1}','{10:20:30+01}','[2020-01-01,2021-01-01)','[2020-01-01,2021-01-01)','[1.5,2)','[1,5)'
);
create table public.generated(id int primary key, a int, g int generated always as (a + 1) stored);
insert into generated values (1, 2);
create table public.ranges(id int primary key, d date not null, s varchar(3)[]);
insert into ranges values (1, '2020-02-29', '{}'), (2, '1600-02-29', '{NULL}'), (3, '1900-03-01', null);
