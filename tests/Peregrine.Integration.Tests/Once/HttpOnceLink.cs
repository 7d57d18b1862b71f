using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Once;

/// <summary>Over HTTP: a reply that is lost is a connection that is reset.</summary>
internal sealed class HttpOnceLink : IOnceLink
{
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Uri _endpoint;

    private HttpOnceLink(Process process, Uri endpoint)
    {
        _process = process;
        _endpoint = endpoint;
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Epoch { get; private set; } = "";

    internal static async Task<IOnceLink> StartAsync(string ledger, string effects, string journal)
    {
        var start = new ProcessStartInfo(BuiltPrograms.OnceServer, ["http", ledger, effects, journal]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_ROOT"] = BuiltPrograms.DotnetRoot;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(HttpChild.Patience);
        var link = new HttpOnceLink(process, new Uri(line!));
        var discovered = await link.SendAsync(OnceMessages.Discover, "server/discover", null, CancellationToken.None);
        link.Epoch = OnceMessages.EpochOf(discovered);
        return link;
    }

    public async Task<string?> CallAsync(string call, long id, CancellationToken lost)
    {
        try
        {
            return await SendAsync(call, "tools/call", OnceMessages.ToolOf(call), lost);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _client.Dispose();
        _process.Dispose();
    }

    private async Task<string> SendAsync(string message, string method, string? name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    // Zero lingering: closing resets.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
