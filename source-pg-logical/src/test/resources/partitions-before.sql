create table ev(id int, k int not null, v text, n numeric(8,2) default 7, primary key (id, k)) partition by range (k);
create table ev_1 partition of ev for values from (0) to (10);
create table ev_2(n numeric(8,2) default 7, junk int, v text, k int not null, id int not null);
alter table ev_2 drop column junk;
alter table ev attach partition ev_2 for values from (10) to (20);
create table ev_3 partition of ev for values from (20) to (30) partition by list (k);
create table ev_3_a partition of ev_3 for values in (20, 21);
create table ev_3_b partition of ev_3 default;
insert into ev select i, i % 30, 'v' || i, i from generate_series(0, 59) i;
