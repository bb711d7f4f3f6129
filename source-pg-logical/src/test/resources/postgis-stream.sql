insert into t values (2, 'MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1)),((-1 -1,-1 -2,-2 -2,-2 -1,-1 -1)))', 'SRID=25832;CIRCULARSTRING(0 0,1 1,2 0)', null, null, 'POINT Z (1 2 3)', 'GEOMETRYCOLLECTION EMPTY', 'MULTIPOINT((1 2),(3 4))', 'SRID=4326;POINT(1 2)', null, 'SRID=4267;LINESTRINGM(0 0 1,1 1 2)', 'SRID=4326;POINT(9 9)', '{}', '{NULL}', null, null, 1);;
insert into t (id, gn, ono) values (3, 'SRID=4326;POINT ZM (1 2 3 4)', 'LINESTRING(0 0,1 1)');;
update t set g = 'POLYGON((0 0,1 0,1 1,0 0))', o = 'POINT(7 8)', ga = '{010100000000000000000000000000000000000000}' where id = 1;;
update t set last = 2;;
update t set g = null, o = null, gp = null, ga = null;;
update t set g = (select st_setsrid(st_makeline(array_agg(st_point(i, i * random()))), 4326) from generate_series(1, 3000) i) where id = 1;;
delete from t where id = 3;;
alter table t replica identity default;;
update t set last = 3;;
alter table t add column w geometry(polygon) not null default 'POLYGON((0 0,1 0,1 1,0 0))', add column x geography not null default 'POINT(1 2)';;
update t set last = 4
;;
delete from t where id = 2