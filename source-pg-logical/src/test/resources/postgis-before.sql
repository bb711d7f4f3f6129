create extension postgis;
create domain place as geometry(point, 4326);
create table t(id int primary key, g geometry, gn geometry not null, gd geometry default 'POINT(1 2)', gp geometry(point, 4326), gz geometry(pointz), gc geometry(geometrycollection), o geography, ono geography not null, op geography(point), ol geography(linestringm, 4267), pl place, ga geometry[], oa geography[], bx box2d, b3 box3d, last int);
insert into t values (0, 'POINT(1 2)', 'SRID=3857;POINT(1 2)', 'POINT(3 4)', 'SRID=4326;POINT(1.5 -2)', 'POINT Z (1 2 3)', 'GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))', 'POINT(1 2)', 'POLYGON((0 0,1 0,1 1,0 0))', 'POINT(5 6)', 'SRID=4267;LINESTRINGM(0 0 1,1 1 2)', 'SRID=4326;POINT(9 9)', '{010100000000000000000000000000000000000000:NULL}', '{0101000020E610000000000000000000000000000000000000}', 'BOX(1 2,3 4)', 'BOX3D(1 2 3,4 5 6)', 1);
insert into t (id, gn, ono) values (1, 'POINT EMPTY', 'POINT EMPTY');
alter table t replica identity full;
