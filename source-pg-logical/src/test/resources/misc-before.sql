create table a(id int primary key, x int);
create table b(id int primary key, a_id int references a(id));
create table "My T"(id int primary key, "we ird" int, "1st" int, "_x" int);
create table hidden(id int primary key);
insert into a values (1, 1), (2, 2), (3, 3);
insert into b values (1, 1), (2, 2);
insert into "My T" values (7, 1, 1), (8, 1, 1);
