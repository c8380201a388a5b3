# CONF-13, SEC-3: a number may answer at the sip: address of a JID that wrote
# to it, without any DNS, and at no other.
config
	replies: {next_hop: "sip:198.51.100.11:5060", binding_age: 1h}
sip sends m1 to sip:alice@im.example from tel:+12025550199
m1 ends 403 permanent
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m2 200
m2 ends 200 delivered wire
sip sends m3 to sip:alice@im.example from tel:+1-202-555-0199
xmpp tries m3 at alice@im.example
xmpp answers m3 202
m3 ends 202 accepted wire
sip sends m4 to sip:bob@im.example from tel:+12025550199
m4 ends 403 permanent
sip sends m5 to sip:alice@im.example from tel:+12025550198
m5 ends 403 permanent
pass 3601s
sip sends m6 to sip:alice@im.example from tel:+12025550199
m6 ends 403 permanent
asked nothing
