# A message ends just when the store says that nothing waits: that answer is
# too old to keep the next one of the conversation waiting.
config
	queue: {retry: [5s, 30s], expire: 10s}
	replies: {next_hop: "sip:op.example"}
zone
	op.example NAPTR DELAY 5000
	_sip._udp.op.example DELAY 5000
	_sip._udp.op.example SERVFAIL
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1
m2 ends 202 accepted
pass 9999ms
m1 waits
pass 1ms
m1 ends 500 temporary retry-after
xmpp answers failure-of-m1 202
xmpp answers failure-of-m2 202
xmpp confirms failure-of-m1
xmpp confirms failure-of-m2
store holds 0
