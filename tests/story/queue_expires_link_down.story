# Issue 5, RCPT-4: what waits for a link that is down expires all the same, at its
# time and not when the link is up again; its own Expires counts, too, and so it
# may be behind another one that has not expired.
config
	queue: {retry: [5s, 30s], expire: 60s}
	replies: {next_hop: "sip:192.0.2.11:5060"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example NXDOMAIN
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
xmpp is down
sip sends m1 to tel:+12025550100
xmpp fails m1 504
m1 ends 202 accepted
sip sends m2 to tel:+12025550100 expires 20
m2 ends 202 accepted
store holds 2
pass 19s
store holds 2
pass 2s
sip hears of a failure 504
sip answers failure-of-m2 200
store holds 1
pass 40s
sip hears of a failure 504
sip answers failure-of-m1 200
store holds 0
