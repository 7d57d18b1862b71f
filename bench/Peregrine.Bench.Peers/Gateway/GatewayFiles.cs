using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>The configuration files of gateways and proxies, in a folder of the build's output.</summary>
internal sealed class GatewayFiles(string root)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Where a gateway keeps its state, and nginx what it writes.</summary>
    public string Folder { get; } = Path.Combine(root, "artifacts", "bench", "gateway");

    /// <summary>Writes the configuration of a gateway with one server behind it, spoken to in the era of the calls.</summary>
    /// <param name="caches">True where results are to be kept for everybody.</param>
    /// <returns>The file.</returns>
    public string WriteConfiguration(Era era, int upstreamPort, bool caches)
    {
        var peregrine = new JsonObject { ["servers"] = new JsonObject { ["only"] = new JsonObject { ["era"] = era == Era.Session ? "session" : "stateless" } } };
        if (caches)
            peregrine["policies"] = new JsonObject { ["defaults"] = new JsonObject { ["cache"] = new JsonObject { ["seconds"] = 3600, ["scope"] = "public" } } };
        var configuration = new JsonObject
        {
            ["mcpServers"] = new JsonObject { ["only"] = new JsonObject { ["url"] = Http.HttpWorkload.UrlOn(upstreamPort) } },
            ["peregrine"] = peregrine,
        };
        string suffix = era == Era.Session ? "2025" : "2026";
        return Write($"gateway-{(caches ? "cache-" : "")}{suffix}.json", configuration.ToJsonString(s_json));
    }

    /// <summary>Fills in the committed template.</summary>
    /// <returns>The file.</returns>
    public string WriteNginx(int port, int upstreamPort)
    {
        string template = File.ReadAllText(Path.Combine(root, "bench", "peers", "nginx", "nginx.conf"));
        return Write("nginx.conf", template
            .Replace("LISTEN_PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("UPSTREAM_PORT", upstreamPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("RUN_DIR", Folder, StringComparison.Ordinal));
    }

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        string file = Path.Combine(Folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
