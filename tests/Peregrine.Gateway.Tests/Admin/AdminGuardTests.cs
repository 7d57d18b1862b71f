using System.Net;
using Microsoft.AspNetCore.Http;
using Peregrine.Gateway.Admin;
using Peregrine.Gateway.Configuration;
using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Gateway.Tests.Admin;

/// <summary>Who may use the admin API.</summary>
public sealed class AdminGuardTests
{
    private const string Token = "a-token-that-is-long-enough";

    [Fact]
    public void Whoever_calls_on_this_machine_is_let_in_where_there_is_no_token() => Assert.Null(Judge(Request()));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.1", "gateway.example")]
    [InlineData("192.0.2.7", "192.0.2.1", "localhost")]
    [InlineData("192.0.2.7", "127.0.0.1", "localhost")]
    public void Nobody_else_is_without_a_token(string remote, string local, string host)
    {
        var refusal = Judge(Request(remote, local, host))!.Value;

        Assert.Equal(403, refusal.Status);
        Assert.Contains("peregrine.adminToken", refusal.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.7")]
    [InlineData("Forwarded", "for=192.0.2.7")]
    [InlineData("Via", "1.1 proxy")]
    public void What_a_proxy_on_this_machine_passes_on_is_not_from_this_machine(string header, string value) =>
        Assert.Contains("proxy", Judge(Request(headers: (header, value)))!.Value.Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_public_name_is_not_this_machine_even_where_it_is_allowed() =>
        Assert.Equal(403, Judge(Request(host: "gateway.example"), options: HttpFrontOptions.Default with { AllowedHosts = ["gateway.example"] })!.Value.Status);

    [Theory]
    [InlineData(null, "asks for a token")]
    [InlineData("Bearer another-token-of-this-length", "this is not the token")]
    [InlineData("Bearer ", "this is not the token")]
    [InlineData("Basic " + Token, "this is not the token")]
    [InlineData(Token, "this is not the token")]
    public void With_a_token_whoever_does_not_show_it_is_told_so(string? authorization, string sentence)
    {
        var request = authorization is null ? Request() : Request(headers: ("Authorization", authorization));

        var refusal = Judge(request, new AdminKey(Token))!.Value;

        Assert.Equal(401, refusal.Status);
        Assert.Contains(sentence, refusal.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refusal.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.1", "gateway.example")]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost")]
    public void Who_shows_the_token_is_let_in_from_anywhere(string remote, string local, string host) =>
        Assert.Null(Judge(Request(remote, local, host, ("Authorization", "bearer " + Token)), new AdminKey(Token)));

    [Theory]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "https://localhost:8808")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public void A_page_of_another_origin_is_kept_away_whatever_it_shows(string header, string value)
    {
        Assert.Equal(403, Judge(Request(headers: (header, value)))!.Value.Status);
        Assert.Equal(403, Judge(Request(headers: [(header, value), ("Authorization", "Bearer " + Token)]), new AdminKey(Token))!.Value.Status);
    }

    [Theory]
    [InlineData("Origin", "http://localhost:8808")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public void The_gateways_own_page_is_let_in(string header, string value) => Assert.Null(Judge(Request(headers: (header, value))));

    [Fact]
    public void A_page_that_rebinds_its_name_to_this_machine_is_kept_away() => Assert.Equal(403, Judge(Request(host: "evil.example"))!.Value.Status);

    [Fact]
    public void A_key_shows_nothing_of_its_token()
    {
        Assert.DoesNotContain("token", new AdminKey(Token).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, new GatewayConfiguration { AdminKey = new AdminKey(Token) }.ToString(), StringComparison.Ordinal);
        Assert.Equal(new AdminKey(Token), new AdminKey(Token));
        Assert.Throws<ArgumentException>(() => new AdminKey("short"));
    }

    private static AdminRefusal? Judge(HttpContext context, AdminKey? key = null, HttpFrontOptions? options = null) =>
        new AdminGuard(options ?? HttpFrontOptions.Default, () => key).Refuse(context);

    private static DefaultHttpContext Request(string remote = "127.0.0.1", string local = "127.0.0.1", string host = "localhost:8808", params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = IPAddress.Parse(local);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return context;
    }
}
