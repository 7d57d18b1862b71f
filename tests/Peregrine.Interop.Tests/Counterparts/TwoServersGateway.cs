using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>
/// One gateway process for all tests of a collection, with two servers of others behind it: server-everything from npm over stdio, and one on the official C# SDK
/// over HTTP. Not started where npm's is missing: the tests then skip themselves.
/// </summary>
public sealed class TwoServersGateway : IAsyncLifetime
{
    private readonly int _port = FreePort.Find();
    private StartedProgram? _official;
    private RunningGateway? _gateway;

    internal string Configuration => $$"""
        {
          // As in the documentation of both.
          "mcpServers": {
            "everything": { {{NpmPackages.ServerEverythingEntry}} },
            "official": { "type": "http", "url": "http://127.0.0.1:{{_port}}/mcp" }
          }
        }
        """;

    internal RunningGateway Gateway
    {
        get
        {
            NpmPackages.Require();
            return _gateway!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!NpmPackages.AreInstalled)
        {
            return;
        }

        _official = StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{_port}");
        await FreePort.WaitUntilTakenAsync(_port);
        _gateway = await RunningGateway.StartAsync(Configuration);
        await _gateway.WaitUntilUpAsync("everything");
        await _gateway.WaitUntilUpAsync("official");
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_official is not null)
        {
            await _official.DisposeAsync();
        }
    }
}
