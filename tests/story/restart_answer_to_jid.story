# SEC-3: who wrote to whom is known after a restart, so that a number may still
# answer at the sip: address of a JID; nobody else may.
config
	queue: {retry: [5s]}
	replies: {next_hop: "sip:198.51.100.11:5060", binding_age: 1h}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m1 200
m1 ends 200 delivered wire
restart
sip sends m2 to sip:alice@im.example from tel:+1-202-555-0199
xmpp tries m2 at alice@im.example
xmpp answers m2 202
m2 ends 202 accepted wire
xmpp confirms m2
sip sends m3 to sip:bob@im.example from tel:+12025550199
m3 ends 403 permanent
sip sends m4 to sip:alice@im.example from tel:+12025550198
m4 ends 403 permanent
# the store is asked only for what was found no minute ago, and not too old
pass 3601s
sip sends m5 to sip:alice@im.example from tel:+12025550199
m5 ends 403 permanent
store holds 0
