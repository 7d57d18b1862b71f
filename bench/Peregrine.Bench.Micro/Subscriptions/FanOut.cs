using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;

namespace Peregrine.Bench.Micro.Subscriptions;

/// <summary>
/// One update to many subscribers over HTTP on loopback, and its floor: a loop that sends the same bytes to as many sockets. In both the sender runs on the thread pool while the
/// caller reads every socket; the time ends when the last reader has its message.
/// </summary>
internal sealed class FanOut
{
    private const string Uri = "test://all";

    private readonly byte[] _buffer = new byte[4096];
    private readonly PeregrineServer _server;
    private readonly Socket[] _subscribers;
    private readonly Socket[] _floorSenders;
    private readonly Socket[] _floorReaders;
    private readonly byte[] _message;

    private FanOut(int readers)
    {
        _server = PeregrineServer.CreateBuilder("bench", "1").Configure(static options => options with { CanSubscribe = static _ => true }).Build();
        _subscribers = Subscribe(readers, Start(_server));
        _message = FirstUpdate();
        (_floorSenders, _floorReaders) = ConnectPairs(readers);
    }

    /// <summary>The two contestants, which share what they need; it is made when one of them is first run.</summary>
    public static (Func<int> Hub, Func<int> SendLoop) Contestants(int readers)
    {
        var shared = new Lazy<FanOut>(() => new FanOut(readers));
        return (() => shared.Value.ByHub(), () => shared.Value.BySendLoop());
    }

    private int ByHub()
    {
        _server.NotifyResourceUpdated(Uri);
        return ReadAll(_subscribers);
    }

    private int BySendLoop()
    {
        ThreadPool.UnsafeQueueUserWorkItem(static self =>
        {
            foreach (var socket in self._floorSenders)
            {
                socket.Send(self._message);
            }
        }, this, preferLocal: false);
        return ReadAll(_floorReaders);
    }

    private int ReadAll(Socket[] sockets)
    {
        var sum = 0;
        foreach (var socket in sockets)
        {
            for (var left = _message.Length; left > 0;)
            {
                var count = socket.Receive(_buffer.AsSpan(0, left));
                left -= count;
                sum += count;
            }
        }

        return sum;
    }

    private static int Start(PeregrineServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPeregrine("/mcp", server);
        app.StartAsync().GetAwaiter().GetResult();
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    // All ids have the same length, and so have all messages.
    private static Socket[] Subscribe(int readers, int port)
    {
        var sockets = new Socket[readers];
        for (var i = 0; i < readers; i++)
        {
            var socket = sockets[i] = Connect(port);
            var body = $$"""{"jsonrpc":"2.0","id":{{100_000 + i}},"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["{{Uri}}"]},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""";
            socket.Send(Encoding.UTF8.GetBytes(
                $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            _ = Receive(socket);
        }

        return sockets;
    }

    private byte[] FirstUpdate()
    {
        _server.NotifyResourceUpdated(Uri);
        var messages = _subscribers.Select(Receive).ToList();
        return messages[0];
    }

    // One event and the end of the chunk that it came in.
    private static byte[] Receive(Socket socket)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\n\n\r\n"u8))
        {
            var count = socket.Receive(buffer.AsSpan(length));
            length += count > 0 ? count : throw new InvalidOperationException($"The server ended the stream: {Encoding.UTF8.GetString(buffer, 0, length)}");
        }

        return buffer[..length];
    }

    private static (Socket[] Senders, Socket[] Readers) ConnectPairs(int count)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var (senders, readers) = (new Socket[count], new Socket[count]);
        for (var i = 0; i < count; i++)
        {
            readers[i] = Connect(((IPEndPoint)listener.LocalEndPoint!).Port);
            senders[i] = listener.Accept();
            senders[i].NoDelay = true;
        }

        return (senders, readers);
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}
