using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Calls over HTTP.</summary>
internal sealed class HttpCaller(TestSite site, Front front) : Caller
{
    internal TestSite Site => site;

    internal override async Task<Reply> SendAsync(string method, string name, string parameters, string meta, CancellationToken cancellationToken)
    {
        var isStateless = front == Front.HttpStateless;
        var members = isStateless ? TestSite.Meta[1..^1] + (meta.Length > 0 ? "," + meta : "") : meta;
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{ {{{parameters}}},"_meta":{ {{{members}}} } } }""";
        using var request = isStateless ? TestSite.PostStateless(method, name, body) : TestSite.Post(body);
        using var response = await site.Client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            text = text.Split('\n').Last(static line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        }

        using var message = JsonDocument.Parse(text);
        return new Reply(message.RootElement.Clone(), (int)response.StatusCode, (int)(response.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0));
    }

    public override ValueTask DisposeAsync() => site.DisposeAsync();
}
