# While the store takes the second one, the first one fails: it is not overtaken.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip tries m1 at tel:+12025550199 192.0.2.11 5060 udp
store takes 5s
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1
pass 7s
m2 ends 202 accepted
sip fails m1 504
m1 ends 202 accepted
pass 4s
store takes 0s
pass 20s
sip tries m1 at tel:+12025550199
sip answers m1 200
sip tries m2 at tel:+12025550199
sip answers m2 200
store holds 0
