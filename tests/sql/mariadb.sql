-- What mariadb is asked in the tests: every answer and the state at the end are compared with the real server's.

-- script
create table a (id bigint unsigned auto_increment primary key, x varchar(255), t text, unique(t), index(x), index(x), unique(x));
create index i on a(t);
create table b (t text, v varchar(4000), index(v));
create table c (v varchar(4000), unique(v));
create table c2(v varchar(4000));
alter table c2 add index i(v);
alter table c2 add primary key(v);
alter table c2 add unique u(v);

-- script
create table p (id bigint unsigned auto_increment primary key);
create table c (id int, p_id bigint unsigned not null);
alter table c add constraint c_p_id_foreign foreign key (p_id) references p (id) on delete cascade;
alter table c add index foo (p_id);
alter table c drop index foo;
alter table c add index c2 (p_id, id);
alter table c drop index foo;
alter table c drop index c2;
alter table c drop foreign key c_p_id_foreign;
drop table p;

-- script
create table p (id bigint unsigned auto_increment primary key);
create table c (id int, p_id int);
alter table c add constraint x foreign key (p_id) references p(id);
alter table c add constraint x foreign key (p_id) references nope(id);
alter table c add constraint x foreign key (nope) references p(id);
alter table c add constraint x foreign key (p_id) references p(nope);
alter table c modify p_id bigint unsigned not null;
alter table c add constraint x foreign key (p_id) references p(id) on delete set null;
alter table c add constraint x foreign key (p_id) references p(id);
alter table c add constraint x foreign key (p_id) references p(id);
alter table c add foreign key (p_id) references p(id);
alter table c drop column p_id;
alter table p drop column id;
alter table p modify id int unsigned;
alter table p modify id bigint unsigned;
drop table p;
alter table c drop foreign key x, drop column p_id;
alter table c drop foreign key nope;
alter table c drop index nope;
alter table c drop primary key;
alter table c drop column nope;
alter table c drop column id;

-- script
create table t (a int, b int, c int, unique u(a,b), index i(b), index j(a,b,c));
alter table t drop column a;
alter table t drop column b;

-- script
create table t (a int, b int, unique u(a,b), index i(b));
alter table t drop column a;
create table t2 (a int, b int, primary key (a,b));
alter table t2 drop column a;
create table t3 (id int auto_increment primary key, b int);
alter table t3 drop column id;
create table t4 (id int auto_increment primary key, b int);
alter table t4 drop primary key;
alter table t4 modify id int, drop primary key;
create table t5 (a int primary key, b int primary key);
create table t6 (a int auto_increment, b int);
create table t7 (a int auto_increment primary key, b int auto_increment unique);
create table t8(a int, a int);
create table t8(a int, index i(nope));
create table t8(a int, index i(a), index i(a));
create table t9();

-- script
create table t (a timestamp, b timestamp, c timestamp not null, d datetime not null default current_timestamp, e timestamp default current_timestamp on update current_timestamp, f timestamp null default '0000-00-00 00:00:00');
create table t (a timestamp, c timestamp not null, d datetime not null default current_timestamp, e timestamp(3) not null default current_timestamp(3) on update current_timestamp(3));
create table u (a timestamp default 0);
create table u (a timestamp default '0');
create table u (a int default 'x');
create table u (a int not null default null);
create table u (a tinyint default 300);
create table u (a varchar(2) default 'abc');
create table u (a enum('a','b') default 'c');
create table u (a json default '[]', b text default 'x', c json default (json_array()), d date default 'x');
create table u (a json default '[]', b text default 'x', c json default (json_array()), c2 json not null, e blob default 'z', f int default '1', g decimal(8,2) default '1', h decimal(8,2) default 1.005, i double default 1.50, j boolean default true, k bool default false, l char(5) default '', m int(5) default 007, n bit(1) default b'1', o year default 2020, p time default '10:00', q datetime default now(), r varchar(36) default (uuid()), s int default (1+1), t bigint default -1, u float default 0.1, v date default (curdate()), w set('a','b') default 'a,b', x timestamp default now() );

-- script
create table p (id int primary key, a int, b int, key(a), unique k(a,b));
create table c (x int, y int, foreign key (x) references p(id), foreign key(y) references p(a), constraint nm foreign key (x,y) references p(a,b));
alter table c rename column x to xx;
alter table p rename column id to pid;
rename table p to pp;
alter table pp rename to p;
drop table p;
set foreign_key_checks=0;
drop table p;
set foreign_key_checks=1;
create table p (id int);
create table p (id int primary key);
drop table c;

-- script
create table a (id int primary key, ref int references a(id), k int, key kk(k));
alter table a add column z int first, add column y int after id;
alter table a add column q int after nope;
alter table a modify k int after nope;
alter table a change k k2 int unsigned not null default 5;
alter table a drop column k2, add column k2 int;
alter table a rename index kk to zz;
alter table a rename index zz to PRIMARY;
alter table a add index zz(id), drop index zz;
alter table a add column id int;
alter table a rename column id to k2;
alter table a rename column nope to x;
alter table nope add x int;
create table a (x int);
drop table nope;
drop table if exists nope;
rename table a to a;
rename table nope to b;
alter table a change nope b int;
create index i on nope(a);
create index i on a(nope);
drop index nope on a;
drop index zz on nope;

-- script
set foreign_key_checks=0;
create table c (id int, p_id bigint unsigned, foreign key (p_id) references p(id));
create table d (id int, p_id int, constraint d_f foreign key (p_id) references p(id));
create table p (id int);
create table p (id bigint unsigned primary key);
create table p (id bigint unsigned primary key, x int);
alter table p drop primary key;
alter table p drop column id;
alter table p modify id int;
set foreign_key_checks=1;
alter table c drop index p_id;
create table e (p_id bigint unsigned, constraint c_ibfk_1 foreign key (p_id) references p(id));
create table e2 (p_id bigint unsigned, constraint c_ibfk_1 foreign key (p_id) references p(id));

-- script
create table t (a varchar(20000));
create table t (a varchar(16383), b varchar(16383));
create table t(a varchar(16383));
create table t2(a varchar(16384));
create table t3(a varchar(65536));
create table t4 (a varchar(21844));
create table t5(a varchar(16381), b int);
create table t6 (a char(256));
create table t7 (a int(256));
create table t8 (a decimal(70,2));
create table t8 (a decimal(5,6));
create table t8 (a datetime(7));
create table t8 (a varbinary(65535));
create table t8(a varbinary(65533));
create table t9(a float(54));
create table t9(a double(300,2));
create table t9(a enum());
create table t9 (a enum('a','a'));
create table t9(a varchar);
create table t9 (a bit(65));
create table t9(a tinyint unsigned auto_increment primary key, b varchar(768), key(b));
create table t10 (b varchar(769), key(b));
create table t11 (b varchar(769), primary key (b));
create table t12(b varchar(769) collate utf8mb4_bin, c varchar(769) charset latin1, d varchar(769) charset nope);
create table t13(a text, key(a(800)));
create table t14(a int, key(a(3)));
create table t15(a varchar(5), key(a(10)));
create table t16 (a json, key(a));
create table t17(a text primary key);
create table t18 (a text, primary key(a(10)));
create table t19(a text,b text, fulltext(a,b));
create table t20(a int, fulltext(a));
create table t21(a point, spatial index(a));
create table t21(a point not null, spatial index(a));
create table t22 (a int null primary key);
create table t22 (a int null, primary key (a));
create table t23(a int, primary key(a));

-- script
create table t (id int, g int as (id+1) virtual, s int generated always as (id*2) stored, check (id > 0), constraint chk check (g > 1), x int check (x < 5));
alter table t drop column id;
alter table t drop constraint chk;
alter table t drop constraint nope;
alter table t drop check x;
alter table t add constraint chk check (id>3);
alter table t add constraint chk check (id>3);
alter table t rename column id to id2;
alter table t drop column x;
create table u like t;
create table v as select id2, x from t;
alter table t add column g2 int as (nope+1);

-- script
create table t (a int);
alter table t drop column a;
create table xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (a int);
create table t2 (yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy int);
create table t2 (a int, key kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk(a));
create table t2 (a int, constraint kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk foreign key (a) references t(a));
create table t2 (a int, constraint kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk check(a>0));
alter table t rename to zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz;
alter table t rename column a to zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz;
create table `` (a int);
create table t3 (`` int);
create table `x ` (a int);
create table y (`b ` int);
create table t4 (a serial, b bigserial);
create table t4 (a serial);
alter table t4 add column z timestamp not null;
alter table t4 add column zz timestamp default current_timestamp on update current_timestamp;
alter table t4 alter column z set default now();
alter table t4 alter column z set default '2020-01-01';
alter table t4 alter z drop default;
alter table t4 alter nope drop default;

-- script
create table Foo (a int);
create table foo (A int, a int);
create table foo (A int, key K(a), key k(a));
drop table FOO;
alter table Foo add key (a), add key (a), add unique (a), add key a_4(a), add unique(a);
alter table Foo add column (b int, c int);
alter table Foo drop column b, drop column b;
alter table Foo add z int, add z int;
alter table Foo add q int, drop q;
alter table Foo modify a int, modify a bigint;
alter table Foo add constraint aaa primary key (a);
alter table Foo add primary key(b);

-- script
create table posts (id bigint unsigned primary key);
create table tags (id bigint unsigned not null auto_increment primary key, user_id bigint unsigned, constraint i2 foreign key (id) references posts (id) on delete cascade, constraint i3 foreign key (user_id) references posts(id));
alter table tags drop constraint i2;
alter table tags drop constraint i3;
alter table tags drop constraint i9;
alter table tags drop constraint if exists i9;
create table users(id int, id2 bigint unsigned);
alter table tags drop constraint i2;

-- script
create table posts (id bigint unsigned primary key, at varchar(800), k int);
create unique index x on posts(at, id);
create unique index x1 on posts(at);
create unique index x2 on posts (k, at);
create table a (t text, n int, unique(t,n));
create table a2 (t text, n int, unique(t));
create table a3 (t varchar(800), n int);
alter table a3 add unique(t,n);
create table a4 (t varchar(800), n int, unique(n,t));
create table a5 (id int auto_increment primary key, t varchar(800), unique(t,id));
alter table posts modify id varchar(36) not null;
create table a6 (id int default (1), t varchar(800) default (uuid()), unique(t,id));
create unique index y on a6(t);
create table a7 (t varchar(700) default (uuid()));
alter table a7 add unique(t);

-- script
create table t (a varchar(50), b varchar(50), c varchar(101) as (concat(a, " ", b)), d int as (a = "it's" or b = 'say "x"'));
alter table t add column e varchar(200) as (concat_ws("-", a, b));
alter table t add check (a <> "none" or b <> "");
alter table t add column f int as (gone > "x");
