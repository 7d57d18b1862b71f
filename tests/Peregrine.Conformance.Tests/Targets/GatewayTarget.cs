using Peregrine.Conformance.Tests.Suite;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Targets;

/// <summary>A gateway with the conformance server behind it, over HTTP. With one server behind it, the names of its tools stay as they are.</summary>
public sealed class GatewayTarget : SuiteTarget
{
    private readonly TemporaryFolder _folder = new();

    internal override ExpectedFailures Expected { get; } = ExpectedFailures.ReadFile("expected-failures-gateway.txt");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override async Task<Uri> StartAsync()
    {
        var upstream = await StartAsync(Programs.ConformanceServer);
        var configuration = _folder.Write("gateway.json", $$"""{ "mcpServers": { "fixture": { "type": "http", "url": "{{upstream}}" } } }""");
        return await StartAsync(Programs.Peregrine, "up", "--config", configuration);
    }
}
