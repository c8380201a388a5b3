# SEC-3: while the store knows nothing, an answer to somebody who may have
# written is refused, and allowed again when it does.
config
	queue: {retry: [5s]}
	replies: {next_hop: "sip:198.51.100.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m1 200
m1 ends 200 delivered wire
restart
store breaks
sip sends m2 to sip:alice@im.example from tel:+12025550199
m2 ends 403 permanent
store works
sip sends m3 to sip:alice@im.example from tel:+12025550199
xmpp answers m3 202
m3 ends 202 accepted wire
xmpp confirms m3
store holds 0
