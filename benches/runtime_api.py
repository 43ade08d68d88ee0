"""AWS Lambda's runtime API on this machine: starts a function, hands it events, and measures."""

import contextlib
import http.server
import json
import os
import queue
import subprocess
import threading
import time

# No invocation takes longer.
TIMEOUT = 900
# What Lambda sets besides.
VARIABLES = {
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Function:
    """A process that runs a function."""

    def __init__(self, command, settings):
        self.events, self.answers, self.ready = queue.Queue(), queue.Queue(), threading.Event()
        self.server = Server(("127.0.0.1", 0), handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        api = f"127.0.0.1:{self.server.server_address[1]}"
        variables = {**settings, **VARIABLES, "AWS_LAMBDA_RUNTIME_API": api}
        started = time.perf_counter()
        self.process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL)
        if not self.ready.wait(60):
            raise RuntimeError(f"{command[0]} did not ask for an event")
        # From the start of the process to its first request for an event.
        self.init_seconds = self.asked - started

    def invoke(self, event):
        """The answer, and the seconds from handing the event over until it came."""
        started = time.perf_counter()
        self.events.put(event)
        answer, at = self.answers.get(timeout=TIMEOUT)
        return answer, at - started

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A function that is stopped leaves its connections broken."""


@contextlib.contextmanager
def running(command, settings):
    function = Function(command, {"PATH": os.environ["PATH"], **settings})
    try:
        yield function
    finally:
        function.stop()


def handler(function):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if not function.ready.is_set():
                function.asked = time.perf_counter()
                function.ready.set()
            event = function.events.get()
            if event is None:
                self.close_connection = True
                return
            deadline = int((time.time() + TIMEOUT) * 1000)
            self.answer(200, json.dumps(event).encode(), {"Lambda-Runtime-Aws-Request-Id": "1", "Lambda-Runtime-Deadline-Ms": str(deadline)})

        def do_POST(self):
            at = time.perf_counter()
            function.answers.put((json.loads(self.rfile.read(int(self.headers["Content-Length"]))), at))
            self.answer(202, b"{}", {})

        def answer(self, status, body, headers):
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    return Handler
