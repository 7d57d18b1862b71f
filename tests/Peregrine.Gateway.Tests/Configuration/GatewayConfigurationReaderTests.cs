using System.Text;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Configuration;

public sealed class GatewayConfigurationReaderTests
{
    [Fact]
    public void The_form_of_Claude_is_read_as_it_is()
    {
        var configuration = Valid("""
            {
              "mcpServers": {
                /* a comment */
                "filesystem": {
                  "command": "npx",
                  "args": ["-y", "@modelcontextprotocol/server-filesystem", "/tmp"],
                  "env": { "TOKEN": "${TOKEN}", "MODE": "${env:MODE:-fast}", "LITERAL": "$${X}" },
                },
                "off": { "command": "x", "disabled": true },
                "remote": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer ${TOKEN}" } },
              },
            }
            """);

        Assert.Equal(["filesystem", "remote"], configuration.Upstreams.Select(static u => u.Name));
        var stdio = Assert.IsType<StdioUpstreamConfiguration>(configuration.Upstreams[0]);
        Assert.Equal("npx", stdio.Command);
        Assert.Equal(["-y", "@modelcontextprotocol/server-filesystem", "/tmp"], stdio.Arguments);
        Assert.Equal("s3cret", stdio.Environment["TOKEN"]);
        Assert.Equal("fast", stdio.Environment["MODE"]);
        Assert.Equal("${X}", stdio.Environment["LITERAL"]);
        Assert.Equal("filesystem", stdio.Prefix);
        var http = Assert.IsType<HttpUpstreamConfiguration>(configuration.Upstreams[1]);
        Assert.Equal("Bearer s3cret", http.Headers["authorization"]);
        Assert.Equal([GatewayConfiguration.DefaultUrl], configuration.Urls);
    }

    [Fact]
    public void The_form_of_VS_Code_is_read_as_it_is_and_one_server_has_no_prefix()
    {
        var configuration = Valid("""{"servers":{"my server":{"type":"stdio","command":"uvx","cwd":"/tmp"}},"inputs":[]}""");
        var server = Assert.Single(configuration.Upstreams);
        Assert.Equal("", server.Prefix);
        Assert.Equal("/tmp", Assert.IsType<StdioUpstreamConfiguration>(server).WorkingDirectory);
    }

    [Fact]
    public void Settings_of_the_gateway_are_taken_and_those_of_a_server_win()
    {
        var configuration = Valid("""
            {
              "mcpServers": { "a b": { "command": "x" }, "c": { "url": "http://localhost/mcp", "tools": ["one", "two"] }, "d": { "command": "y", "tools": ["*"] } },
              "peregrine": {
                "name": "team", "urls": ["http://*:9000"], "callTimeoutSeconds": 2.5, "listTimeToLiveSeconds": 0, "maxConcurrentCalls": 7,
                "servers": { "c": { "prefix": "", "callTimeoutSeconds": 120, "startTimeoutSeconds": 1, "maxConcurrentCalls": 3 } }
              }
            }
            """);

        Assert.Equal("team", configuration.Name);
        Assert.Equal(7, configuration.MaxConcurrentCalls);
        Assert.Equal(TimeSpan.Zero, configuration.ListTimeToLive);
        Assert.Equal("a-b", configuration.Upstreams[0].Prefix);
        Assert.Equal(TimeSpan.FromSeconds(2.5), configuration.Upstreams[0].CallTimeout);
        Assert.Null(configuration.Upstreams[2].Tools);
        var c = configuration.Upstreams[1];
        Assert.Equal(("", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(1), 3), (c.Prefix, c.CallTimeout, c.StartTimeout, c.MaxConcurrentCalls));
        Assert.Equal<string>(["one", "two"], c.Tools!.Value);
    }

    [Theory]
    [InlineData("{\n  \"mcpServers\": {\n    \"é\": oops\n  }\n}", 3, 10, "not valid JSON")]
    [InlineData("{\"mcpServers\": {", 1, 17, "not valid JSON")]
    [InlineData("", 1, 1, "not valid JSON")]
    [InlineData("[]", 1, 1, "must hold an object")]
    [InlineData("{}", 1, 1, "neither \"mcpServers\" nor \"servers\"")]
    [InlineData("{\"mcpServer\":{}}", 1, 2, "no member \"mcpServer\"")]
    [InlineData("{\"servers\":{\"é\":{\"url\":3}}}", 1, 24, "must be a string; found the number 3")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"\"}}}", 1, 28, "is empty")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\",\"command\":\"y\"}}}", 1, 32, "\"command\" twice")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\",\"type\":\"http\"}}}", 1, 39, "of type \"http\" but has \"command\"")]
    [InlineData("{\"servers\":{\"a\":{\"url\":\"http://h\",\"type\":\"sse\"}}}", 1, 42, "must be one of")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\",\"envFile\":\".env\"}}}", 1, 32, "not supported")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\",\"env\":{\"A\":1}}}}", 1, 43, "found a number in it")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"${input:key}\"}}}", 1, 28, "not a variable known here")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"${oops\"}}}", 1, 28, "not closed")]
    [InlineData("{\"servers\":{\"a\":{\"url\":\"http://h\",\"headers\":{\"a b\":\"c\"}}}}", 1, 46, "header name")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\"}},\"peregrine\":{\"port\":1}}", 1, 47, "no member \"port\"")]
    [InlineData("{\"servers\":{\"docs\":{\"command\":\"x\"}},\"peregrine\":{\"servers\":{\"dosc\":{}}}}", 1, 61, "not in the list of servers")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\"}},\"peregrine\":{\"urls\":[\"localhost:80\"]}}", 1, 55, "http or https URLs without a path")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\"}},\"peregrine\":{\"maxConcurrentCalls\":1.5}}", 1, 68, "an integer from 1 to 1000000")]
    [InlineData("{\"servers\":{\"a b\":{\"command\":\"x\"},\"a-b\":{\"command\":\"x\"}}}", 1, 35, "both have the prefix \"a-b\"")]
    public void Each_mistake_has_its_place(string text, int line, int column, string message)
    {
        var error = Assert.Single(GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "f", static _ => null).Errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Polling_for_replies_is_set_for_servers_with_an_address_and_for_no_others()
    {
        var result = GatewayConfigurationReader.Read("""
            {
              "servers": { "a": { "url": "http://h/mcp" }, "b": { "url": "http://h/mcp" }, "c": { "command": "x" } },
              "peregrine": { "servers": { "b": { "replyPollingMicroseconds": 0 }, "c": { "replyPollingMicroseconds": 5 } } }
            }
            """u8, "f", Variables);

        Assert.Empty(result.Errors);
        Assert.Equal([25d, 0], result.Configuration!.Upstreams.OfType<HttpUpstreamConfiguration>().Select(static server => server.ReplyPolling.TotalMicroseconds));
        Assert.Contains("\"peregrine.servers.c.replyPollingMicroseconds\" has no effect on a server with \"command\"", Assert.Single(result.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Single(GatewayConfigurationReader.Read("""{"servers":{"a":{"url":"http://h"}},"peregrine":{"servers":{"a":{"replyPollingMicroseconds":1001}}}}"""u8, "f", Variables).Errors);
        Assert.Single(GatewayConfigurationReader.Read("""{"servers":{"a":{"url":"http://h"}},"peregrine":{"servers":{"a":{"replyPollingMicroseconds":-1}}}}"""u8, "f", Variables).Errors);
    }

    [Fact]
    public void Values_of_variables_stay_out_of_errors()
    {
        var result = GatewayConfigurationReader.Read("""{"servers":{"a":{"url":"${TOKEN}"},"b":{"url":"http://h","headers":{"X":"${TOKEN}\n"}}}}"""u8, "f", Variables);
        Assert.Equal(2, result.Errors.Length);
        Assert.DoesNotContain(result.Errors, static error => error.ToString().Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"servers":{},"peregrine":{"adminToken":1234567890}}""")]
    [InlineData("""{"servers":{},"peregrine":{"adminToken":"1234567890"}}""")]
    [InlineData("""{"servers":{},"peregrine":{"adminToken":token-1234567890}}""")]
    [InlineData("""{"servers":{},"peregrine":{"adminToken":"${TOKEN-1234567890"}}""")]
    [InlineData("""{"servers":{},"peregrine":{"adminToken":"${MY-TOKEN:-1234567890}"}}""")]
    [InlineData("""{"servers":{"a":{"command":"x","env":"TOKEN=1234567890"}}}""")]
    [InlineData("""{"servers":{"a":{"command":"x","env":{"TOKEN":1234567890}}}}""")]
    [InlineData("""{"servers":{"a":{"command":"x","env":{"TOKEN=1234567890":""}}}}""")]
    [InlineData("""{"servers":{"a":{"command":"x","args":"--token 1234567890"}}}""")]
    [InlineData("""{"servers":{"a":{"command":"x","args":[1234567890]}}}""")]
    [InlineData("""{"servers":{"a":"npx server --token 1234567890"}}""")]
    [InlineData("""{"servers":{"a":{"url":"http://h","headers":"Authorization: Bearer 1234567890"}}}""")]
    [InlineData("""{"servers":{"a":{"url":"http://h","headers":{"Authorization":1234567890}}}}""")]
    [InlineData("""{"servers":{"a":{"url":"http://h","headers":{"Authorization: Bearer 1234567890":""}}}}""")]
    [InlineData("""{"servers":{"a":{"url":"ftp://me:1234567890@h/mcp"}}}""")]
    [InlineData("""{"servers":{"a":{"url":"h/mcp?key=1234567890"}}}""")]
    [InlineData("""{"servers":{"a":{"url":"http://h"}},"peregrine":{"servers":{"a":{"members":{"b":{"url":"ftp://me:1234567890@h/mcp"}}}}}}""")]
    [InlineData("""{"servers":{"a":{"command":"x"}},"peregrine":{"servers":{"a":{"members":{"b":{"args":"--token 1234567890"}}}}}}""")]
    [InlineData("""{"servers":{"a":{"url":"http://h"}},"peregrine":{"servers":{"a":{"members":{"b":"http://h/mcp?key=1234567890"}}}}}""")]
    [InlineData("""{"servers":{},"peregrine":{"otlpEndpoint":"ftp://me:1234567890@h"}}""")]
    public void What_may_be_a_secret_is_not_quoted(string text)
    {
        var result = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "f", static _ => null);
        Assert.NotEmpty(result.Errors);
        Assert.DoesNotContain(result.Errors.Concat(result.Warnings), static problem => problem.ToString().Contains("1234567890", StringComparison.Ordinal));
    }

    [Fact]
    public void Members_of_other_programs_are_named_in_warnings()
    {
        var result = GatewayConfigurationReader.Read("""{"globalShortcut":"x","mcpServers":{"a":{"command":"x","icon":"y","autoApprove":[]}}}"""u8, "f", Variables);
        Assert.True(result.IsValid);
        Assert.Equal(["globalShortcut", "icon"], result.Warnings.Select(static warning => warning.Message.Split('"')[^2]));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_with_its_path()
    {
        var result = await GatewayConfigurationReader.ReadFileAsync("/nowhere/gateway.json");
        Assert.Equal("/nowhere/gateway.json", Assert.Single(result.Errors).File);
    }

    private static GatewayConfiguration Valid(string text)
    {
        var result = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "f", Variables);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }

    private static string? Variables(string name) => name == "TOKEN" ? "s3cret" : null;
}
