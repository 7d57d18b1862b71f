using System.Globalization;

namespace Peregrine.Simulation.Network;

/// <summary>The messages of the simulation.</summary>
internal static class SimMessages
{
    internal static string Call(long id, string key, int attempt, string epoch, DateTimeOffset first, bool stateless)
    {
        var era = stateless ? "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}," : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"pay\",\"arguments\":{{\"order\":\"{key}\"}},\"_meta\":{{{era}\"mcp_tx\":{{"
            + $"\"idempotency_key\":\"{key}\",\"retry_count\":{attempt},\"timestamp\":\"{first:yyyy-MM-ddTHH:mm:ss.ffffff}\",\"epoch\":\"{epoch}\"}}}}}}}}");
    }

    internal static long IdOf(string line)
    {
        const string Before = "{\"jsonrpc\":\"2.0\",\"id\":";
        return line.StartsWith(Before, StringComparison.Ordinal)
            ? long.Parse(line.AsSpan(Before.Length, line.IndexOf(',', Before.Length) - Before.Length), NumberStyles.None, CultureInfo.InvariantCulture) : -1;
    }
}
