using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Policies;

public sealed class ReplyCompressionTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 500).Select(static i => $"line {i}; "));

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, GZIP;q=0.5", "gzip")]
    public async Task Long_replies_are_compressed_for_who_takes_it(string accepted, string coding)
    {
        await using var gateway = await StartAsync("""{"defaults":{"compress":true}}""");
        var plain = await SendAsync(gateway, Long, accepted: null);

        var (encoding, vary, body, text) = await SendAsync(gateway, Long, accepted);

        Assert.Equal((coding, "Accept-Encoding"), (encoding, vary));
        Assert.True(body.Length < plain.Body.Length / 2, $"{body.Length} bytes instead of {plain.Body.Length}");
        Assert.Equal(plain.Text, text);
        Assert.Equal(Long, (string)JsonNode.Parse(text)!["result"]!["content"]![0]!["text"]!);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("identity", true)]
    [InlineData("zstd", true)]
    [InlineData("br", false)]
    public async Task Others_and_short_replies_go_out_as_they_are(string? accepted, bool isLong)
    {
        await using var gateway = await StartAsync("""{"defaults":{"compress":true}}""");
        var (encoding, _, _, text) = await SendAsync(gateway, isLong ? Long : "short", accepted);
        Assert.Null(encoding);
        Assert.Equal(isLong ? Long : "short", (string)JsonNode.Parse(text)!["result"]!["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task It_is_off_until_it_is_asked_for_and_is_switched_off_while_the_gateway_runs()
    {
        await using (var gateway = await StartAsync("{}"))
        {
            Assert.Null((await SendAsync(gateway, Long, "br")).Coding);
        }

        await using (var gateway = await StartAsync("""{"defaults":{"compress":true},"tools":{"echo":{"compress":false}}}"""))
        {
            Assert.Null((await SendAsync(gateway, Long, "br")).Coding);
        }

        await using (var gateway = await StartAsync("""{"tools":{"echo":{"compress":true}}}"""))
        {
            Assert.Equal("br", (await SendAsync(gateway, Long, "br")).Coding);
            Assert.True(gateway.Gateway.Policies.Switches.TrySet("tools.echo.compression", 0, out _));
            Assert.Null((await SendAsync(gateway, Long, "br")).Coding);
        }
    }

    [Fact]
    public async Task What_is_kept_and_what_runs_once_is_compressed_as_well()
    {
        await using var gateway = await StartAsync("""{"tools":{"echo":{"compress":true,"readOnly":true,"once":true,"cache":{"seconds":60,"scope":"public"}}}}""");
        var first = await SendAsync(gateway, Long, "br");
        var kept = await SendAsync(gateway, Long, "gzip");
        Assert.Equal(("br", "gzip"), (first.Coding, kept.Coding));
        Assert.Equal(first.Text, kept.Text);
        var keyed = await SendAsync(gateway, Long, "br", ("Idempotency-Key", "0f8fad5b-d9cb-469f-a165-70867728950e"));
        var again = await SendAsync(gateway, Long, "br", ("Idempotency-Key", "0f8fad5b-d9cb-469f-a165-70867728950e"));
        Assert.Equal(("br", "br"), (keyed.Coding, again.Coding));
        Assert.Contains(Long, again.Text, StringComparison.Ordinal);
    }

    private static Task<RunningGateway> StartAsync(string policies) => RunningGateway.StartAsync(RouteLimitTests.Processes(policies));

    private static async Task<(string? Coding, string? Vary, byte[] Body, string Text)> SendAsync(RunningGateway gateway, string message, string? accepted, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Endpoint);
        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"{{message}}"} } }""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        foreach (var (name, value) in accepted is null ? headers : [.. headers, ("Accept-Encoding", accepted)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        var coding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        return (coding, response.Headers.Vary.SingleOrDefault(), body, Encoding.UTF8.GetString(Decode(coding, body)));
    }

    private static byte[] Decode(string? coding, byte[] body)
    {
        using var source = new MemoryStream(body);
        using Stream decoded = coding switch { "br" => new BrotliStream(source, CompressionMode.Decompress), "gzip" => new GZipStream(source, CompressionMode.Decompress), _ => source };
        using var target = new MemoryStream();
        decoded.CopyTo(target);
        return target.ToArray();
    }
}
