using System.Text;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Scheduling;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Policies;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Tests.Policies;

public sealed class PolicyReaderTests
{
    [Fact]
    public void Every_member_is_read()
    {
        var policies = Read("""
            {
              "defaults": { "timeoutSeconds": 2.5, "rateLimit": { "perSecond": 50 }, "clientRateLimit": { "perSecond": 5, "burst": 10 }, "trustHints": false },
              "servers": { "a": { "maxConcurrentCalls": 3, "maxQueuedCalls": 4, "breaker": { "failureRatio": 0.25, "minimumCalls": 4, "windowSeconds": 2, "breakSeconds": 1 }, "once": true } },
              "tools": {
                "get_*": {
                  "retry": { "maxAttempts": 4, "delaySeconds": 0.5, "maxDelaySeconds": 2, "attemptTimeoutSeconds": 1, "budgetRatio": 0.5, "budgetPerSecond": 1 },
                  "cache": { "seconds": 60, "scope": "public", "tags": ["x"], "staleIfErrorSeconds": 5 }, "coalesce": false, "readOnly": true, "idempotent": true,
                },
                "put": { "invalidates": ["x"], "maxArgumentBytes": 100, "maxResultBytes": 1000, "readOnly": false },
              },
              "cacheBytes": 1048576, "keyWindowSeconds": 60, "maxKeys": 1000,
            }
            """).Configuration!.Policies;

        Assert.Empty(policies.Validate());
        Assert.Equal((TimeSpan.FromSeconds(2.5), 50.0, (double?)10, false),
            (policies.Defaults.Timeout!.Value, policies.Defaults.RateLimit!.PerSecond, policies.Defaults.ClientRateLimit!.Burst, policies.Defaults.TrustHints!.Value));
        var server = policies.Servers["a"];
        Assert.Equal((3, 4, 0.25, 4, true), (server.Bulkhead!.MaxConcurrent, server.Bulkhead.MaxQueued, server.Breaker!.FailureRatio, server.Breaker.MinimumAttempts, server.Once!.Value));
        var reading = policies.Patterns.Single(static pattern => pattern.Pattern == "get_*").Settings;
        Assert.Equal((4, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2), 0.5), (reading.Retry!.MaxAttempts, reading.Retry.BaseDelay, reading.Retry.MaxDelay, reading.RetryBudget!.Ratio));
        Assert.Equal(new ResultCacheOptions { TimeToLive = TimeSpan.FromSeconds(60), Scope = McpCacheScope.Public, Tags = ["x"], StaleIfError = TimeSpan.FromSeconds(5) }, reading.Cache);
        Assert.Equal((false, true, true), (reading.Coalesce!.Value, reading.ReadOnly!.Value, reading.Idempotent!.Value));
        Assert.Equal(1048576, policies.Cache.MaxBytes);
        Assert.Equal((TimeSpan.FromSeconds(60), 1000), (policies.Once.Window, policies.Once.Memory.MaxKeys));
    }

    [Fact]
    public void Tiers_are_read()
    {
        var read = Read("""
            {
              "tiers": { "slow": { "maxConcurrentCalls": 2 }, "fast": { "timeoutSeconds": 1 } }, "memoryBytes": 104857600,
              "defaults": { "tier": "normal", "compress": true }, "tools": { "x": { "tier": "slow", "compress": false } },
            }
            """);

        Assert.Empty(read.Errors);
        var policies = read.Configuration!.Policies;
        Assert.Empty(policies.Validate());
        Assert.Equal((2, TimeSpan.FromSeconds(1), 104857600L), (policies.Tiers[CallTier.Slow].Bulkhead!.MaxConcurrent, policies.Tiers[CallTier.Fast].Timeout!.Value, policies.MemoryBytes!.Value));
        Assert.Equal((CallTier.Normal, true, CallTier.Slow, false),
            (policies.Defaults.Tier!.Value, policies.Defaults.Compress!.Value, policies.Patterns[0].Settings.Tier!.Value, policies.Patterns[0].Settings.Compress!.Value));
        Assert.NotEqual(policies, policies with { Tiers = policies.Tiers.Remove(CallTier.Slow) });
        Assert.Contains("says a tier", Assert.Single((policies with { Tiers = policies.Tiers.SetItem(CallTier.Slow, new PolicySettings { Tier = CallTier.Fast }) }).Validate()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tiers":{"quick":{}}}""", "tiers.quick\" is about a tier that there is none of")]
    [InlineData("""{"tiers":{"slow":{"tier":"fast"}}}""", "tiers.slow\" has a \"tier\"")]
    [InlineData("""{"tiers":{"slow":1}}""", "tiers.slow\" must be an object")]
    [InlineData("""{"defaults":{"tier":"quick"}}""", "tier\" must be one of \"fast\", \"normal\", \"slow\"")]
    [InlineData("""{"memoryBytes":1000}""", "memoryBytes\" must be")]
    public void Mistakes_in_tiers_are_reported(string policies, string message)
    {
        Assert.Contains(message, Assert.Single(Read(policies).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_with_place_and_remedy()
    {
        var read = Read("""
            {
              "default": {},
              "defaults": { "timeoutSeconds": 0, "rateLimit": {}, "clientRateLimit": { "perSecond": "many" } },
              "servers": {
                "b": { "timeoutSeconds": 1 },
                "a": { "maxQueuedCalls": 5, "breaker": { "failureRatio": 2 }, "retry": { "delaySeconds": 3, "maxDelaySeconds": 1 }, "coalesce": "yes" },
              },
              "tools": { "get*x": {}, "put": 5, "c": { "cache": { "scope": "mine" }, "invalidates": "x" } },
            }
            """);

        (int Line, string Message, string Remedy)[] expected =
        [
            (2, "no member \"default\"", "Did you mean \"defaults\"?"),
            (3, "\"peregrine.policies.defaults.timeoutSeconds\" must be a number from 0.001 to 86400; found the number 0", "Write a number"),
            (3, "\"peregrine.policies.defaults.rateLimit\" has no \"perSecond\"", "{\"perSecond\": 10}"),
            (3, "clientRateLimit.perSecond\" must be a number above 0 and up to 1000000; found the string \"many\"", "Write a number"),
            (5, "\"peregrine.policies.servers.b\" is about a server that is not in the list of servers", "Listed are a."),
            (6, "maxQueuedCalls\" has no \"maxConcurrentCalls\" beside it", "Add \"maxConcurrentCalls\""),
            (6, "breaker.failureRatio\" must be a number from 0.01 to 1; found the number 2", "Write a number"),
            (6, "retry.maxDelaySeconds\" is 1, less than delaySeconds, which is 3", "Write 3 or more."),
            (6, "coalesce\" must be true or false; found the string \"yes\"", "Write true or false."),
            (8, "has the pattern \"get*x\"", "with a \"*\" at its end"),
            (8, "\"peregrine.policies.tools.put\" must be an object; found the number 5", "timeoutSeconds"),
            (8, "cache.scope\" must be one of \"private\", \"public\"; found the string \"mine\"", "Write one of"),
            (8, "invalidates\" must be an array of strings; found the string \"x\"", "Write an array of strings."),
        ];
        Assert.Equal(expected.Length, read.Errors.Length);
        foreach (var (line, message, remedy) in expected)
        {
            Assert.Contains(read.Errors, error => error.Line == line && error.Message.Contains(message, StringComparison.Ordinal) && error.Remedy.Contains(remedy, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Members_of_a_server_are_read_with_what_the_server_has()
    {
        var read = GatewayConfigurationReader.Read("""
            {
              "mcpServers": { "a": { "url": "http://one/mcp", "headers": { "X": "1" } }, "b": { "command": "x", "args": ["1"] } },
              "peregrine": { "servers": {
                "a": { "members": { "two": { "url": "http://two/mcp", "weight": 3 } }, "balance": { "strategy": "weighted", "weight": 2, "failuresToEject": 5, "ejectionSeconds": 60, "probeSeconds": 0 } },
                "b": { "members": { "two": { "args": ["2"] } } },
              } },
            }
            """u8, "test.json", static _ => null);

        Assert.Empty(read.Errors);
        var (a, b) = (read.Configuration!.Upstreams[0], read.Configuration.Upstreams[1]);
        Assert.Equal((BalancingStrategy.Weighted, 2, 5, TimeSpan.FromSeconds(60), TimeSpan.Zero),
            (a.Balancing.Strategy, a.Balancing.Weight, a.Balancing.Health.FailuresToEject, a.Balancing.Health.MaxEjectionTime, a.Balancing.ProbeInterval));
        var two = Assert.IsType<HttpUpstreamConfiguration>(a.Members.Single().Server);
        Assert.Equal(("http://two/mcp", "1", 3), (two.Url.AbsoluteUri, two.Headers["X"], a.Members.Single().Weight));
        Assert.Equal(["2"], Assert.IsType<StdioUpstreamConfiguration>(b.Members.Single().Server).Arguments);
        Assert.True(UpstreamConfigurationComparer.AreSame(a, a with { Members = [.. a.Members] }));
        Assert.False(UpstreamConfigurationComparer.AreSame(a, a with { Members = [a.Members[0] with { Weight = 1 }] }));
    }

    [Fact]
    public void Mistakes_in_members_are_reported_at_once()
    {
        var read = GatewayConfigurationReader.Read("""
            {
              "mcpServers": { "a": { "url": "http://one/mcp" }, "b": { "command": "x" } },
              "peregrine": { "servers": {
                "a": { "members": { "a": { "url": "http://two/mcp" }, "c": {}, "d": { "url": "two" }, "e": { "command": "x" }, "f": 1 }, "balance": { "strategy": "best", "ejectionSeconds": 5, "maxEjectionSeconds": 1 } },
                "b": { "members": { "two": { "url": "http://two/mcp" } } },
              } },
            }
            """u8, "test.json", static _ => null);

        string[] expected =
        [
            "has a member \"a\", whose name is empty, the server's own or another member's", "\"peregrine.servers.a.members.c\" has no \"url\"", "members.d.url\" must be an absolute http or https URL",
            "members.e.command\" does not go with the server", "members.f\" must be an object", "balance.strategy\" must be one of", "maxEjectionSeconds\" is 1, less than ejectionSeconds",
            "members.two.url\" does not go with the server, which has \"command\"",
        ];
        Assert.Equal(expected.Length, read.Errors.Length);
        Assert.All(expected, message => Assert.Contains(read.Errors, error => error.Message.Contains(message, StringComparison.Ordinal)));
    }

    private static ConfigurationResult Read(string policies) =>
        GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes($$"""{"peregrine":{"policies":{{policies}} },"mcpServers":{"a":{"url":"http://one/mcp"} } }"""), "test.json", static _ => null);
}
