# Issue 5: a dead destination is backed off as a whole and probed, not hammered:
# what is stored for it waits without a try, however many conversations that are;
# one looks whether it lives again.
config
	queue: {retry: [60s], expire: 1h}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550191@gw.example.net from alice@im.example/r1
xmpp sends m2 to +12025550192@gw.example.net from alice@im.example/r1
xmpp sends m3 to +12025550193@gw.example.net from alice@im.example/r1
sip fails m1 504
sip fails m2 504
sip fails m3 504
m3 ends 202 accepted
xmpp sends m4 to +12025550194@gw.example.net from alice@im.example/r1
m4 ends 202 accepted
store holds 4
pass 4s
sip tries m4 at tel:+12025550194
sip answers m4 200
xmpp sends m5 to +12025550195@gw.example.net from alice@im.example/r1
sip tries m5 at tel:+12025550195
sip answers m5 200
m5 ends 200 delivered wire
store holds 3
