# What cannot be delivered in time comes back to its sender as a failure.
config
	queue: {retry: [5s, 30s], expire: 60s}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip fails m1 504
m1 ends 202 accepted
pass 8s
sip fails m1 504
pass 40s
sip fails m1 504
pass 20s
xmpp hears of a failure 504
xmpp answers failure-of-m1 202
xmpp confirms failure-of-m1
store holds 0
