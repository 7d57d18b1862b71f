using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Stores;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Legacy;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Once;

/// <summary>Keys over HTTP: the header and <c>_meta.mcp_tx</c> mean the same.</summary>
public sealed class IdempotencyKeyTests
{
    private const string Key = "8e03978e-40d5-43dd-bc93-6894a57f9324";

    [Theory]
    [InlineData("\"" + Key + "\"")]
    [InlineData(Key)]
    public async Task TheHeaderIsTheKey(string header)
    {
        var runs = 0;
        await using var site = await TestSite.StartAsync(new DelegateTool("pay", call => call.ReturnText($"{++runs}")));

        var stateless = await SendAsync(site, TestSite.PostStateless("tools/call", "pay", TestSite.Call("pay"), ("Idempotency-Key", header)));
        var session = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay"), ("Idempotency-Key", header)));
        var meta = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction(Key))));

        Assert.Equal(("1", "1", "1"), (stateless.Text(), session.Text(), meta.Text()));
        Assert.True(meta.GetProperty("result").GetProperty("_meta").GetProperty("mcp_tx").GetProperty("duplicate").GetBoolean());
        Assert.False(session.GetProperty("result").TryGetProperty("_meta", out _));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task TwoKeysThatDifferAreRefused()
    {
        var runs = 0;
        await using var site = await TestSite.StartAsync(new DelegateTool("pay", call => call.ReturnText($"{++runs}")));
        Assert.Equal("1", (await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction(Key)), ("Idempotency-Key", Key)))).Text());
        Assert.Equal(-32602, (await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction(Key)), ("Idempotency-Key", Key + "0")))).Code());
        Assert.Equal(-32602, (await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay"), ("Idempotency-Key", " ")))).Code());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task AKeyThatAnybodyCouldGuessIsRefusedOfCallersWithoutAName()
    {
        await using var site = await TestSite.StartAsync(new DelegateTool("pay", static call => call.ReturnText("paid")));
        var refused = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction("1"))));
        Assert.Equal(-32602, refused.Code());
        Assert.Contains("random", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(-32602, (await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay"), ("Idempotency-Key", "order-17")))).Code());
    }

    [Fact]
    public async Task NorDoesOneComeInABatchOrByTheOldTransport()
    {
        var server = PeregrineServer.CreateBuilder("bank", "1").AddTool(new DelegateTool("pay", static call => call.ReturnText("paid"))).Build();
        await using var site = await TestSite.StartAsync(app =>
        {
            app.MapPeregrine("/mcp", server);
            app.MapPeregrineSse("/sse", server);
        });
        var call = TestSite.SessionCall("pay", meta: Transaction("1"));
        using var legacy = await LegacyClient.OpenAsync(site);

        Assert.Equal(-32602, (await legacy.AskAsync(call)).Code());
        Assert.Equal(-32602, Assert.Single((await SendAsync(site, TestSite.Post($"[{call}]"))).EnumerateArray()).Code());
    }

    [Fact]
    public async Task CallersWithANameHaveKeysOfTheirOwn()
    {
        var runs = 0;
        var server = PeregrineServer.CreateBuilder("bank", "1").AddTool(new DelegateTool("pay", call => call.ReturnText($"{++runs}"))).Build();
        await using var site = await TestSite.StartAsync(app =>
        {
            ((IApplicationBuilder)app).Use(static (HttpContext context, RequestDelegate next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, context.Request.Headers["X-User"].ToString())], "test"));
                return next(context);
            });
            app.MapPeregrine("/mcp", server);
        });

        var ann = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction("1")), ("X-User", "ann")));
        var bob = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction("1")), ("X-User", "bob")));
        var again = await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay", meta: Transaction("1")), ("X-User", "ann")));

        Assert.Equal(("1", "2", "1"), (ann.Text(), bob.Text(), again.Text()));
    }

    [Fact]
    public async Task AContainerKeepsKeysInItsJournal()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-keys-").FullName;
        try
        {
            var runs = 0;
            for (var start = 0; start < 2; start++)
            {
                await using var site = await TestSite.StartAsync(
                    static app => app.MapPeregrine("/mcp"),
                    services => services.AddPeregrine("bank", "1").Configure(server => server.AddTool(new DelegateTool("pay", call => call.ReturnText($"{++runs}"))))
                        .UseLedger(static once => once with { Window = TimeSpan.FromHours(1) }).UseJournal(new JournalOptions { Folder = folder, Policy = JournalPolicy.Disk }));
                Assert.Equal("1", (await SendAsync(site, TestSite.Post(TestSite.SessionCall("pay"), ("Idempotency-Key", Key)))).Text());
                Assert.Equal(Durability.Journal, site.Services.GetRequiredService<PeregrineServer>().Ledger.Durability);
            }

            Assert.Equal(1, runs);
            Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPeregrine("bank", "1").UseJournal(new JournalOptions { Folder = "" }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ALostConnectionDoesNotEndAKeyedCall()
    {
        var (started, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await TestSite.StartAsync(new DelegateTool("pay", async call =>
        {
            var token = call.CancellationToken;
            started.TrySetResult();
            await gate.Task;
            call.ReturnText(token.IsCancellationRequested ? "cancelled" : "paid");
        }));
        using var lost = new CancellationTokenSource();
        var first = site.Client.SendAsync(TestSite.PostStateless("tools/call", "pay", TestSite.Call("pay"), ("Idempotency-Key", Key)), lost.Token);
        await started.Task.WaitAsync(TestSite.Patience);
        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = SendAsync(site, TestSite.PostStateless("tools/call", "pay", TestSite.Call("pay"), ("Idempotency-Key", Key)));
        gate.SetResult();

        Assert.Equal("paid", (await second).Text());
    }

    private static string Transaction(string key) => $$$"""{"mcp_tx":{"version":"0.1.0","idempotency_key":"{{{key}}}","retry_count":0}}""";

    private static async Task<JsonElement> SendAsync(TestSite site, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await site.Client.SendAsync(request);
            return await response.JsonAsync();
        }
    }
}
