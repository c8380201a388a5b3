# Without replies.next_hop nobody can be reached by number.
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
m1 ends 404 permanent
