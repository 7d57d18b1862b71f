using System.Text;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;
using Peregrine.Server.Tests.Allocation;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Allocation;

/// <summary>What is rented from the shared pools is given back, however a request ends.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class BufferBalanceTests
{
    private const int Calls = 100;

    // Other code of the process rents as well, now and then. A buffer lost with each call would be 100.
    private const int Tolerance = 20;

    [Theory]
    [InlineData("answered")]
    [InlineData("answered in the stateless era")]
    [InlineData("answered in a session")]
    [InlineData("answered at length")]
    [InlineData("in pieces")]
    [InlineData("thrown after a rented writer was written to")]
    [InlineData("refused")]
    [InlineData("no JSON")]
    [InlineData("with progress")]
    [InlineData("in a batch")]
    public async Task WhatIsRentedIsGivenBack(string kind)
    {
        await using var site = await TestSite.StartAsync(
            new DelegateTool("long", static call => call.ReturnText(new string('x', 200_000))),
            new DelegateTool("rented", static call =>
            {
                call.RentWriter().Write(new byte[50_000]);
                throw new McpToolException("no");
            }),
            new DelegateTool("steps", static async call =>
            {
                await call.ReportProgressAsync(1);
                call.ReturnText("done");
            }));
        var session = await TestSession.OpenAsync(site, "2025-03-26");
        using var buffers = new RentedBuffers();
        await RunAsync(site, session, kind);
        var before = buffers.Outstanding;

        await RunAsync(site, session, kind);

        Assert.InRange(buffers.Outstanding - before, -Tolerance, Tolerance);
    }

    private static async Task RunAsync(TestSite site, TestSession session, string kind)
    {
        for (var i = 0; i < Calls; i++)
        {
            using var request = kind switch
            {
                "answered" => TestSite.Post(TestSite.SessionCall("echo")),
                "answered in the stateless era" => TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo")),
                "answered in a session" => session.Request(TestSite.SessionCall("echo")),
                "answered at length" => TestSite.Post(TestSite.SessionCall("long")),
                "in pieces" => Chunked(TestSite.SessionCall("echo", $$"""{"message":"{{new string('x', 100_000)}}"}""")),
                "thrown after a rented writer was written to" => TestSite.Post(TestSite.SessionCall("rented")),
                "refused" => TestSite.Post(TestSite.SessionCall("nothing of that name")),
                "no JSON" => TestSite.Post("{\"jsonrpc\":"),
                "with progress" => TestSite.Post(TestSite.SessionCall("steps", "{}", """{"progressToken":1}""")),
                _ => session.Request($"[{TestSite.SessionCall("echo", id: "1")},{TestSite.SessionCall("steps", "{}", """{"progressToken":1}""", "2")}]"),
            };
            using var response = await site.Client.SendAsync(request);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    private static HttpRequestMessage Chunked(string body)
    {
        var request = TestSite.Post(body);
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = true;
        return request;
    }
}
