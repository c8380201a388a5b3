"""An XMPP user: signs in at Prosody and keeps what is sent to him."""
import asyncio
import logging
import queue
import threading
import time

logging.getLogger("slixmpp").setLevel(logging.ERROR)    # its import warns

import slixmpp                                          # noqa: E402


class Client:
    def __init__(self, jid, password, port):
        self.jid, self.inbox = jid, queue.Queue()
        self._ready = threading.Event()
        self._arguments = (jid, password, port)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, seconds=15):
        """Sign in. -> whether that worked"""
        self._thread.start()
        return self._ready.wait(seconds)

    def stop(self):
        """Sign off, so that the server knows it."""
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop)
        self._thread.join(5)

    async def _leave(self):
        await self._stream.disconnect(wait=1)
        self._loop.stop()

    async def _cancel_tasks(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def send(self, to, body):
        self._loop.call_soon_threadsafe(
            lambda: self._stream.send_message(mto=to, mbody=body))

    def discover(self, jid, seconds=5):
        """The identities of a JID (XEP-0030): (category, type, ...) each."""
        async def ask():
            answer = await self._stream["xep_0030"].get_info(
                jid=jid, timeout=seconds)
            return answer["disco_info"]["identities"]
        return asyncio.run_coroutine_threadsafe(
            ask(), self._loop).result(seconds + 1)

    def receive(self, seconds=10):
        """The next message, with `when` it came, or None."""
        try:
            return self.inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def _run(self):
        jid, password, port = self._arguments
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._stream = stream = slixmpp.ClientXMPP(jid, password)
        stream.register_plugin("xep_0030")
        self._prepare(stream)
        stream.add_event_handler("session_start", self._started)
        stream.add_event_handler("message", self._take)
        stream.connect(("127.0.0.1", port), disable_starttls=True)
        self._loop.run_forever()
        self._loop.run_until_complete(self._cancel_tasks())
        self._loop.close()

    def _prepare(self, stream):
        """For subclasses: more of XMPP, before the stream opens."""

    def _started(self, _):
        self._stream.send_presence()
        self._ready.set()

    def _take(self, message):
        message.when = time.monotonic()
        self.inbox.put(message)
