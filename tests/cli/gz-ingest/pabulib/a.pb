META
key;value
description;Budget of a town
unit;Town
subunit;North
instance;2022
PROJECTS
project_id;cost;votes;name;selected
3;9750;753;A shelf;1
1;9964;23;"Walks; and talks";0
VOTES
voter_id;vote;age;sex
11;3,1;35;F
21;"1;19;M
