using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>One listen stream, from the client's side.</summary>
internal sealed class Listening : IDisposable
{
    internal const string Tools = """{"toolsListChanged":true}""";

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Listening(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    /// <summary>Comment lines that were read.</summary>
    internal int Comments { get; private set; }

    internal HttpResponseMessage Response => _response;

    /// <summary>A server whose resources are all that begin with <c>test://</c>, and which tells of a change as soon as a worker is free.</summary>
    internal static PeregrineServer Server(Func<SubscriptionOptions, SubscriptionOptions>? change = null, TimeProvider? time = null)
    {
        var options = SubscriptionOptions.Default with { GatherTime = TimeSpan.Zero };
        return PeregrineServer.CreateBuilder("test-server", "1.2.3").AddTool(new DelegateTool("echo", static call => call.ReturnText(call.RawArguments.Span)))
            .Configure(server => server with
            {
                Subscriptions = change?.Invoke(options) ?? options,
                CanSubscribe = static uri => uri.StartsWith("test://", StringComparison.Ordinal),
                TimeProvider = time ?? TimeProvider.System,
                BlockingThreshold = TimeSpan.FromHours(1),
            }).Build();
    }

    internal static Task<TestSite> StartAsync(PeregrineServer server) => TestSite.StartAsync(
        app => app.MapPeregrine("/mcp", server),

        // Else the host would cut off a reader that stands still, which some tests do.
        static services => services.Configure<KestrelServerOptions>(static options => options.Limits.MinResponseDataRate = null));

    internal static string Body(string notifications, string id = "1") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"subscriptions/listen","params":{"notifications":{{{notifications}}},"_meta":{{{TestSite.Meta}}}}}""";

    internal static HttpRequestMessage Request(string notifications, string id = "1", params (string Name, string? Value)[] headers) =>
        TestSite.PostStateless("subscriptions/listen", null, Body(notifications, id), headers);

    /// <summary>Opens a stream, and reads its acknowledgement.</summary>
    internal static async Task<Listening> OpenAsync(TestSite site, string notifications, string id = "1")
    {
        using var request = Request(notifications, id);
        (request.Version, request.VersionPolicy) = (site.Client.DefaultRequestVersion, site.Client.DefaultVersionPolicy);
        var response = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var listening = new Listening(response, await response.Content.ReadAsStreamAsync());
        var acknowledged = await listening.NextAsync();
        Assert.Equal("notifications/subscriptions/acknowledged", acknowledged.GetProperty("method").GetString());
        return listening;
    }

    /// <summary>The next message.</summary>
    internal async Task<JsonElement> NextAsync()
    {
        var message = await TryNextAsync();
        Assert.NotNull(message);
        return message.Value;
    }

    /// <summary>The next message; null at the end of the stream.</summary>
    internal async Task<JsonElement?> TryNextAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var message = JsonDocument.Parse(line["data: ".Length..]);
                return message.RootElement.Clone();
            }

            if (line.StartsWith(':'))
            {
                Comments++;
            }
        }

        return null;
    }

    /// <summary>The next line, whatever it is; null at the end.</summary>
    internal async Task<string?> LineAsync() => await _reader.ReadLineAsync().WaitAsync(TestSite.Patience);

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
