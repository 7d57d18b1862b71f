using Peregrine.Conformance.Tests.Suite;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Targets;

/// <summary>
/// Gateways with the conformance server behind them, over HTTP: one that speaks the session era with it, for the revisions of that era, and one that speaks the stateless era. With one
/// server behind it, the names of its tools stay as they are.
/// </summary>
public sealed class GatewayTarget : SuiteTarget
{
    private readonly TemporaryFolder _folder = new();
    private Uri? _session;

    internal override ExpectedFailures Expected { get; } = ExpectedFailures.ReadFile("expected-failures-gateway.txt");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override Uri EndpointOf(string revision) => string.CompareOrdinal(revision, "2026-07-28") < 0 ? _session! : Endpoint;

    protected override async Task<Uri> StartAsync()
    {
        var upstream = await StartAsync(Programs.ConformanceServer);
        _session = await StartGatewayAsync(upstream, "session");
        return await StartGatewayAsync(upstream, "stateless");
    }

    private Task<Uri> StartGatewayAsync(Uri upstream, string era)
    {
        var configuration = _folder.Write($"{era}.json",
            $$"""{ "mcpServers": { "fixture": { "type": "http", "url": "{{upstream}}" } }, "peregrine": { "servers": { "fixture": { "era": "{{era}}" } } } }""");
        return StartAsync(Programs.Peregrine, "up", "--config", configuration);
    }
}
