# A final of the phone's side is the answer, at once and once.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m1 486
m1 ends 486 temporary wire
store holds 0
