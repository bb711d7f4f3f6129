truncate a, b;;
truncate "My T" restart identity cascade;;
insert into a values (1, 1);;
begin; insert into a values (2, 2); insert into b values (2, 2); update a set x = 3 where id = 2; commit;;
insert into hidden values (1);;
select pg_logical_emit_message(true, 'pfx', 'content');;

begin; select pg_logical_emit_message(true, 'pfx', 'in tx'); insert into "My T" values (1, 2, 3); delete from "My T"; commit;;
begin; insert into hidden values (2); truncate hidden, a, b; insert into a values (5, 5); commit;;
update a set id = 6;;
delete from a
