# ENUM-36: within the TTL nothing is asked twice.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa 300 NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example 300 NXDOMAIN
	_im._xmpp.im.example 300 SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
asked 0.0.1.0.5.5.5.2.0.2.1.e164.arpa/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp answers m1 202
m1 ends 202 accepted wire
pass 299s
sip sends m2 to tel:+12025550100
asked nothing
xmpp answers m2 202
m2 ends 202 accepted wire
pass 2s
sip sends m3 to tel:+12025550100
asked 0.0.1.0.5.5.5.2.0.2.1.e164.arpa/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp answers m3 202
m3 ends 202 accepted wire
