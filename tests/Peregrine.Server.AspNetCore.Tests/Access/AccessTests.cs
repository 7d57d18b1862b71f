using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Legacy;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Access;

/// <summary>Tools that not everybody may call.</summary>
public sealed class AccessTests
{
    private int _runs;

    // Of the caller: whether it has signed in, its scopes, and how its issuer writes them; of the tool: what it wants.
    [Theory]
    [InlineData("scoped", null, null, null, 401, "Bearer scope=\"notes.read notes.write\"")]
    [InlineData("scoped", "ann", null, null, 403, "Bearer error=\"insufficient_scope\", scope=\"notes.read notes.write\"")]
    [InlineData("scoped", "ann", "scope=notes.read", null, 403, "Bearer error=\"insufficient_scope\", scope=\"notes.read notes.write\"")]
    [InlineData("scoped", "ann", "scope=notes.read notes.writer", null, 403, "Bearer error=\"insufficient_scope\", scope=\"notes.read notes.write\"")]
    [InlineData("scoped", "ann", "role=notes.read notes.write", null, 403, "Bearer error=\"insufficient_scope\", scope=\"notes.read notes.write\"")]
    [InlineData("scoped", "ann", "scope=notes.write other notes.read", null, 200, null)]
    [InlineData("scoped", "ann", "scp=notes.write notes.read", null, 200, null)]
    [InlineData("scoped", "ann", "scp=notes.write;scp=notes.read", null, 200, null)]
    [InlineData("ruled", null, null, null, 401, "Bearer")]
    [InlineData("ruled", "ann", "scope=admin", null, 403, null)]
    [InlineData("ruled", "ann", null, "clerk", 403, null)]
    [InlineData("ruled", "ann", null, "editor", 200, null)]
    [InlineData("both", "ann", "scope=notes.read", "clerk", 403, null)]
    [InlineData("both", "ann", null, "editor", 403, "Bearer error=\"insufficient_scope\", scope=\"notes.read\"")]
    [InlineData("both", "ann", "scope=notes.read", "editor", 200, null)]
    [InlineData("open", null, null, null, 200, null)]
    public async Task WhoMayNotCallAToolIsToldWhatItLacks(string tool, string? user, string? claims, string? role, int status, string? challenge)
    {
        await using var site = await StartAsync();
        using var request = TestSite.PostStateless("tools/call", tool, TestSite.Call(tool), ("X-User", user), ("X-Claims", claims), ("X-Role", role));

        using var response = await site.Client.SendAsync(request);

        var reply = await response.JsonAsync((HttpStatusCode)status);
        Assert.Equal(challenge, response.Headers.WwwAuthenticate.Count == 0 ? null : response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(status == 200 ? 1 : 0, _runs);
        if (status == 200)
        {
            Assert.Equal("done", reply.Text());
        }
        else
        {
            Assert.Equal(-32600, reply.Code());
            Assert.Contains($"\"{tool}\"", reply.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>A key, a batch and the old transport are no way around.</summary>
    [Fact]
    public async Task NoRoadLeadsAround()
    {
        await using var site = await StartAsync();
        const string Key = """{"mcp_tx":{"idempotency_key":"8e03978e-40d5-43dd-bc93-6894a57f9324"}}""";
        Assert.Equal("done", (await AskAsync(site, TestSite.Post(TestSite.SessionCall("ruled", meta: Key), ("X-User", "ann"), ("X-Role", "editor")))).Text());

        Assert.Equal(-32600, (await AskAsync(site, TestSite.Post(TestSite.SessionCall("ruled", meta: Key), ("X-User", "ann")), HttpStatusCode.Forbidden)).Code());
        var batch = await AskAsync(site, TestSite.Post($"[{TestSite.SessionCall("ruled")},{TestSite.SessionCall("open", id: "2")}]"));
        Assert.Equal(-32600, batch.EnumerateArray().Single(static reply => reply.GetProperty("id").GetInt32() == 1).Code());
        Assert.Equal("done", batch.EnumerateArray().Single(static reply => reply.GetProperty("id").GetInt32() == 2).Text());
        using var legacy = await LegacyClient.OpenAsync(site);
        Assert.Equal(-32600, (await legacy.AskAsync(TestSite.SessionCall("ruled"))).Code());
        Assert.Equal(2, _runs);
    }

    private static async Task<JsonElement> AskAsync(TestSite site, HttpRequestMessage request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using (request)
        {
            using var response = await site.Client.SendAsync(request);
            return await response.JsonAsync(status);
        }
    }

    private Task<TestSite> StartAsync()
    {
        var server = PeregrineServer.CreateBuilder("notes", "1")
            .AddTool(Tool("scoped", scopes: ["notes.read", "notes.write"]))
            .AddTool(Tool("ruled", roles: ["editor", "owner"]))
            .AddTool(Tool("both", scopes: ["notes.read"], roles: ["editor"]))
            .AddTool(Tool("open"))
            .Build();
        return TestSite.StartAsync(endpoints =>
        {
            var app = (WebApplication)endpoints;
            app.Use(Authenticate);
            app.UseRouting();
            app.MapPeregrine("/mcp", server);
            app.MapPeregrineSse("/sse", server);
        });
    }

    // What an authentication handler would do.
    private static Task Authenticate(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-User"].ToString() is { Length: > 0 } user)
        {
            List<Claim> claims = [new("sub", user)];
            claims.AddRange(context.Request.Headers["X-Claims"].ToString().Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static claim => new Claim(claim.Split('=')[0], claim.Split('=')[1])));
            if (context.Request.Headers["X-Role"].ToString() is { Length: > 0 } role)
            {
                claims.Add(new("roles", role));
            }

            context.User = new ClaimsPrincipal(new ClaimsIdentity(claims, "test", "sub", "roles"));
        }

        return next(context);
    }

    private AccessTool Tool(string name, string[]? scopes = null, string[]? roles = null) =>
        new(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray(), Scopes = scopes ?? [], Roles = roles ?? [] }, () => _runs++);

    private sealed class AccessTool(McpToolDefinition definition, Action run) : McpToolHandler(definition)
    {
        public override ValueTask InvokeAsync(McpCall call)
        {
            run();
            call.ReturnText("done");
            return default;
        }
    }
}
