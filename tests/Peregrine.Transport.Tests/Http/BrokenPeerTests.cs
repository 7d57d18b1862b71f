using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

/// <summary>Peers that break off, at the level of the socket.</summary>
public class BrokenPeerTests : OverBothTests
{
    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Ty")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task A_reset_at_any_place_is_a_loss(string sent)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var connection = Connect(((IPEndPoint)listener.LocalEndpoint).Port);
        var call = connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        using (var socket = await listener.AcceptSocketAsync())
        {
            var buffer = new byte[4096];
            Assert.True(await socket.ReceiveAsync(buffer) > 0);
            await socket.SendAsync(Encoding.ASCII.GetBytes(sent));

            // With a linger time of zero, closing resets.
            socket.LingerState = new LingerOption(true, 0);
        }

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
        Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
        Assert.True(exception.MayHaveRun);
        Assert.NotNull(exception.InnerException);
        await Assert.ThrowsAsync<McpTransportException>(async () =>
        {
            var notice = connection.SendNotificationAsync("n"u8, default).AsTask();
            using (var socket = await listener.AcceptSocketAsync())
            {
                // Something must have come first: a socket without a peer any more takes no options.
                Assert.True(await socket.ReceiveAsync(new byte[4096]) > 0);
                socket.LingerState = new LingerOption(true, 0);
            }

            await notice.Soon();
        });
    }

    [Fact]
    public async Task A_server_that_is_not_there_was_sent_nothing()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await using var connection = Connect(port);
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.ConnectFailed, exception.Fault);
        Assert.False(exception.MayHaveRun);
    }

    [Fact]
    public void A_connect_timeout_of_the_handler_was_sent_nothing()
    {
        var exception = HttpFailures.Map(new TaskCanceledException(), "x");
        Assert.Equal(TransportFault.ConnectFailed, exception.Fault);
        Assert.False(exception.MayHaveRun);
    }

    private HttpConnection Connect(int port) =>
        new(Choose(new HttpConnectionOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/") })) { Version = ProtocolVersion.V2026_07_28 };
}
