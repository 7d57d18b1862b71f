using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Server;

namespace Peregrine.Gateway.Tests.Configuration;

/// <summary>Configurations that a host has written in code.</summary>
public sealed class ValidationTests
{
    private static readonly StdioUpstreamConfiguration Fine = new() { Name = "fine", Command = "x" };

    [Fact]
    public void All_faults_of_a_configuration_are_named_at_once()
    {
        var url = new HttpUpstreamConfiguration { Name = "other", Url = new Uri("http://h/mcp") };
        var configuration = new GatewayConfiguration
        {
            Name = " ",
            MaxConcurrentCalls = 0,
            Upstreams =
            [
                Fine,
                Fine with { Prefix = "no spaces" },
                Fine with { Name = "slow", CallTimeout = TimeSpan.Zero, Pool = new PoolConfiguration { Min = 4, Max = 2 } },
                Fine with { Name = "mixed", Members = [new UpstreamMember("mixed", 0, url)], Balancing = new BalancingOptions { Weight = 0 } },
                new HttpUpstreamConfiguration { Name = "far", Url = new Uri("ftp://me:secret@h") },
                url with { Name = "near", Members = [new UpstreamMember("there", 1, url with { Url = new Uri("ftp://me:secret@h") })] },
            ],
            VirtualServers = [new VirtualServerConfiguration { Name = "a/b" }],
        };

        var faults = configuration.Validate();

        string[] expected =
        [
            "Name is empty", "MaxConcurrentCalls is 0", "Prefix is \"no spaces\"", "Upstreams[slow].CallTimeout is 0 s", "Upstreams[slow].Pool.Max is 2: it may be 4 to 64", "Upstreams[mixed].Members[mixed].Weight is 0",
            "Members[mixed] must be reached as the server is", "several places named \"mixed\"", "Upstreams[mixed].Balancing.Weight is 0", "Upstreams[far].Url must be",
            "Upstreams[near].Members[there].Server.Url must be", "several servers named \"fine\"", "one named \"a/b\"",
        ];
        Assert.All(expected, text => Assert.Contains(faults, fault => fault.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, faults.Count);
        Assert.DoesNotContain(faults, static fault => fault.Contains("secret", StringComparison.Ordinal));
        var exception = Assert.Throws<ArgumentException>(() => new PeregrineGateway(configuration));
        Assert.All(faults, fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Faulty_options_are_refused_and_a_faulty_reload_changes_nothing()
    {
        var sample = PeregrineServer.CreateBuilder("sample", "1").Build();
        var options = new GatewayOptions { DrainTime = TimeSpan.FromSeconds(-1), StateFolder = "", InProcessServers = [new InProcessServer("a", sample), new InProcessServer("a", sample)] };
        Assert.Equal(3, options.Validate().Count);
        Assert.Throws<ArgumentException>(() => new PeregrineGateway(new GatewayConfiguration(), options));

        await using var gateway = new PeregrineGateway(new GatewayConfiguration());
        await Assert.ThrowsAsync<ArgumentException>(() => gateway.ReloadAsync(new GatewayConfiguration { Upstreams = [Fine, Fine] }).AsTask());
        Assert.Empty(gateway.Configuration.Upstreams);
    }
}
