using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http.Direct;

/// <summary>Responses as bytes: what HTTP/1.1 allows is read however it is cut, what it does not is a lost connection, and the next request gets another.</summary>
public class ResponsesTests
{
    private const string Reply = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"v\":1}}";

    private static readonly string Json = $"Content-Type: application/json\r\n";

    private protected virtual SendOptions Options => default;

    public static TheoryData<string> Good => new()
    {
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: {Reply.Length}\r\n\r\n{Reply}",
        $"HTTP/1.1 200 \r\ncontent-type:application/json; charset=utf-8\r\nCONTENT-LENGTH:{Reply.Length}  \r\nX: \r\n\r\n{Reply}",
        $"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n{Json}Content-Length: {Reply.Length}\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: chunked\r\n\r\n5;name=\"value\"\r\n{Reply[..5]}\r\n{Reply.Length - 5:X}\r\n{Reply[5..]}\r\n0\r\nTrailer: x\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: Chunked\r\nKeep-Alive: timeout=5\r\n\r\n{Reply.Length:x8}\r\n{Reply}\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{Reply.Length + 8:x}\r\ndata: {Reply}\n\n\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: {Reply.Length}\r\nContent-Length: {Reply.Length}\r\n\r\n{Reply}",
    };

    public static TheoryData<string> UpToTheEnd => new()
    {
        $"HTTP/1.0 200 OK\r\n{Json}\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Connection: Close\r\nContent-Length: {Reply.Length}\r\n\r\n{Reply}",
    };

    public static TheoryData<string> Bad => new()
    {
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "x\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: {Reply.Length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: {Reply.Length}\r\nContent-Length: 1\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: -1\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: 99999999999999999999\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Content-Length: 5x\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}no colon\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json} folded: x\r\n\r\n{Reply}",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{Reply}\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: chunked\r\n\r\n-5\r\n{Reply}\r\n0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Json}Transfer-Encoding: chunked\r\n\r\n{Reply.Length:x}\r\n{Reply}xx0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nX: {new string('x', 70_000)}",
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task What_is_allowed_is_read_however_it_is_cut_and_the_connection_is_used_again(string response)
    {
        using var server = new Server();
        await using var connection = server.Connect();
        var bytes = Encoding.ASCII.GetBytes(response);
        foreach (var step in new[] { bytes.Length, 7, 1 })
        {
            var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
            await server.AnswerAsync(bytes, step, close: false);
            using var reply = await call.Soon();
            Assert.Equal("{\"v\":1}", Encoding.UTF8.GetString(reply.Result.Span));

            // The rest of a stream is read behind the caller's back.
            await Eventually(() => server.Sockets.IdleSockets == 1);
        }

        Assert.Equal(1, connection.Pool.Opened);
    }

    [Theory]
    [MemberData(nameof(UpToTheEnd))]
    public async Task A_connection_that_the_server_gives_up_is_not_used_again(string response)
    {
        using var server = new Server();
        await using var connection = server.Connect();
        for (var i = 0; i < 2; i++)
        {
            var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
            await server.AnswerAsync(Encoding.ASCII.GetBytes(response), response.Length, close: true);
            using var reply = await call.Soon();
            Assert.Equal("{\"v\":1}", Encoding.UTF8.GetString(reply.Result.Span));
        }

        Assert.Equal(2, connection.Pool.Opened);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_is_not_allowed_is_a_lost_connection(string response)
    {
        using var server = new Server();
        await using var connection = server.Connect();
        var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
        await server.AnswerAsync(Encoding.ASCII.GetBytes(response), response.Length, close: false);
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
        Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
        Assert.True(exception.MayHaveRun);
        Assert.Equal(0, connection.Pool.Open);

        call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
        await server.AnswerAsync(Encoding.ASCII.GetBytes(Good.First().Data), 1000, close: false);
        (await call.Soon()).Dispose();
        Assert.Equal(2, connection.Pool.Opened);
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_has_closed_is_not_used()
    {
        using var server = new Server();
        await using var connection = server.Connect();
        for (var i = 0; i < 5; i++)
        {
            var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
            await server.AnswerAsync(Encoding.ASCII.GetBytes(Good.First().Data), 1000, close: false);
            (await call.Soon()).Dispose();
            server.CloseCurrent();
        }

        Assert.Equal(5, connection.Pool.Opened);
        Assert.Equal(5, connection.Pool.Requests);
    }

    [Fact]
    public async Task An_idle_connection_on_which_something_came_that_nobody_asked_for_is_not_used()
    {
        using var server = new Server();
        await using var connection = server.Connect();
        for (var i = 0; i < 5; i++)
        {
            var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
            await server.AnswerAsync(Encoding.ASCII.GetBytes(Good.First().Data), 1000, close: false);
            using (var reply = await call.Soon())
            {
                Assert.Equal("{\"v\":1}", Encoding.UTF8.GetString(reply.Result.Span));
            }

            // Loopback: what was sent is there when the call returns.
            await server.SendUnaskedAsync(Encoding.ASCII.GetBytes("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"));
        }

        Assert.Equal(5, connection.Pool.Opened);
        Assert.Equal(5, connection.Pool.Requests);
        Assert.InRange(connection.Pool.Open, 0, 1);
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_has_closed_is_let_go_soon()
    {
        var time = new ManualTime();
        using var server = new Server(time);
        await using var connection = server.Connect();
        var call = connection.SendRequestAsync("a"u8, "{}"u8, Options).AsTask();
        await server.AnswerAsync(Encoding.ASCII.GetBytes(Good.First().Data), 1000, close: false);
        (await call.Soon()).Dispose();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, connection.Pool.Open);

        // Loopback: the end of the connection is there when the call returns.
        server.CloseCurrent();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal((0, 0), (connection.Pool.Open, server.Sockets.IdleSockets));
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 3000, "not in time");
            await Task.Delay(1);
        }
    }

    /// <summary>A server that answers with the bytes it is given, whatever it is asked; each request has the id 1.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private Socket? _current;

        internal Server(TimeProvider? time = null)
        {
            Sockets = new HttpSockets(new HttpPoolOptions { UsesOwnSockets = true, ReplyPolling = TimeSpan.FromMilliseconds(2) }, timeProvider: time);
            _listener.Start();
        }

        internal HttpSockets Sockets { get; }

        internal HttpConnection Connect() => new(new HttpConnectionOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"),
            Sockets = Sockets,
        })
        { Version = ProtocolVersion.V2026_07_28 };

        internal async Task AnswerAsync(byte[] response, int step, bool close)
        {
            var request = await ReadAsync();
            var id = request[(request.IndexOf("\"id\":", StringComparison.Ordinal) + 5)..].Split(',')[0];
            response = id == "1" ? response : Renumber(response, id);
            for (var sent = 0; sent < response.Length; sent += step)
            {
                await _current!.SendAsync(response.AsMemory(sent, Math.Min(step, response.Length - sent)));
            }

            if (close)
            {
                CloseCurrent();
            }
        }

        internal async Task SendUnaskedAsync(byte[] bytes) => await _current!.SendAsync(bytes);

        internal void CloseCurrent()
        {
            _current?.Dispose();
            _current = null;
        }

        public void Dispose()
        {
            CloseCurrent();
            Sockets.Dispose();
            _listener.Dispose();
        }

        // Ids have one digit here, so lengths stay right.
        private static byte[] Renumber(byte[] response, string id) =>
            Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(response).Replace("\"id\":1", "\"id\":" + id, StringComparison.Ordinal));

        private async Task<string> ReadAsync()
        {
            var buffer = new byte[8192];
            while (true)
            {
                _current ??= await _listener.AcceptSocketAsync();
                _current.NoDelay = true;
                var count = 0;
                try
                {
                    count = await _current.ReceiveAsync(buffer);
                }
                catch (SocketException)
                {
                    // Closed with bytes unread.
                }

                if (count > 0)
                {
                    return Encoding.ASCII.GetString(buffer, 0, count);
                }

                // The client has given this one up and takes another.
                CloseCurrent();
            }
        }
    }
}
