# Issue 5, CARR-5: a next hop asks for a pause: nobody else goes there meanwhile,
# which is no try, and all go when it is over, not at their own far times.
config
	queue: {retry: [2s, 1h]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550191@gw.example.net from alice@im.example/r1
sip fails m1 500 retry-after 10
m1 ends 202 accepted
xmpp sends m2 to +12025550192@gw.example.net from alice@im.example/r1
m2 ends 202 accepted
pass 9s
pass 11s
sip tries m2 at tel:+12025550192
sip answers m2 200
sip tries m1 at tel:+12025550191
sip answers m1 200
store holds 0
