using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Execution.Instruments;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Hosting;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Monitoring;

namespace Peregrine.Gateway.Admin;

/// <summary>What the admin API shows. No secret is in any of it: of servers programs and addresses without arguments and queries, of calls names and no arguments, of sessions no ids. Thread-safe.</summary>
internal sealed class AdminViews(PeregrineGateway gateway, SessionDirectory sessions, ConnectionGauge connections)
{
    private const int DefaultLimit = 100;

    internal Task StatusAsync(HttpContext context) => MonitoringReply.SendAsync(context, MonitoringReply.Json, GatewayStatusWriter.WriteStatus(gateway, connections.Open(context.Connection.LocalPort), knownCatalog: 0));

    internal Task UpstreamsAsync(HttpContext context) => AdminReply.SendAsync(context, json => GatewayStatusWriter.WriteUpstreams(json, gateway, total: null));

    internal Task CatalogAsync(HttpContext context)
    {
        var catalog = gateway.Catalog.Current;
        var server = context.Request.Query["upstream"].ToString();
        return AdminReply.SendAsync(context, json =>
        {
            json.WriteNumber("catalog", catalog.Number);
            foreach (var kind in OfferKinds.All)
            {
                json.WriteStartArray(kind.ListMember());
                foreach (var item in catalog[kind].Items.Where(item => server.Length == 0 || item.Upstream.Name == server))
                {
                    json.WriteStartObject();
                    json.WriteString("name", item.FullName);
                    json.WriteString("upstream", item.Upstream.Name);
                    json.WriteString("ownName", item.Item.Key);
                    json.WriteString("title", item.Item.Title);
                    json.WriteString("description", item.Item.Description);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            GatewayStatusWriter.WriteMissing(json, catalog);
            GatewayStatusWriter.WriteTexts(json, "dropped", catalog.Dropped);
        });
    }

    internal Task ChangesAsync(HttpContext context) => AdminReply.SendAsync(context, json =>
    {
        json.WriteStartArray("changes");
        foreach (var upstream in gateway.Upstreams)
        {
            foreach (var change in upstream.ToolChanges)
            {
                json.WriteStartObject();
                json.WriteString("upstream", upstream.Name);
                json.WriteString("tool", change.Tool);
                json.WriteString("verdict", Lower(change.Verdict.ToString()));
                json.WriteBoolean("withheld", change.IsWithheld);
                GatewayStatusWriter.WriteTexts(json, "places", change.Places);
                json.WriteString("since", change.Since);
                json.WriteStartArray("parts");
                foreach (var part in change.Changes)
                {
                    json.WriteStartObject();
                    json.WriteString("part", part.Part);
                    json.WriteString("verdict", Lower(part.Verdict.ToString()));
                    json.WriteString("message", part.Message);
                    json.WriteStartArray("details");
                    foreach (var detail in part.Details)
                    {
                        json.WriteStringValue(detail);
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    });

    internal Task CallsAsync(HttpContext context)
    {
        if (context.Request.Query["limit"].ToString() is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) || asked is < 1 or > 10_000))
        {
            return AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "\"limit\" must be a number from 1 to 10000");
        }

        var limit = int.TryParse(context.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : DefaultLimit;
        return AdminReply.SendAsync(context, json =>
        {
            json.WriteBoolean("recording", gateway.Instruments.IsOn);
            json.WriteNumber("slowCallSeconds", gateway.Configuration.SlowCall.TotalSeconds);
            WriteCalls(json, "active", gateway.Instruments.Active.Take(limit));
            WriteCalls(json, "recent", gateway.Instruments.Recent.Take(limit));
        });
    }

    internal Task SessionsAsync(HttpContext context) => AdminReply.SendAsync(context, json =>
    {
        json.WriteStartArray("sessions");
        foreach (var (path, name, session) in sessions.All)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("path", path);
            json.WriteString("version", session.Version.ToText());
            json.WriteString("client", session.ClientInfo?.ToString());
            json.WriteNumber("ageSeconds", Math.Round((session.Siblings.Now - session.Opened) / 1000.0));
            json.WriteNumber("idleSeconds", Math.Round((session.Siblings.Now - session.LastUsed) / 1000.0));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal Task SwitchesAsync(HttpContext context) => AdminReply.SendAsync(context, json =>
    {
        json.WriteStartArray("switches");
        foreach (var one in gateway.SwitchLists.SelectMany(static list => list.All))
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            json.WriteString("description", one.Description);
            json.WriteBoolean("on", one.Percent > 0);
            json.WriteNumber("percent", one.Percent);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteCalls(Utf8JsonWriter json, string name, IEnumerable<CallRecord> calls)
    {
        json.WriteStartArray(name);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteNumber("number", call.Number);
            json.WriteString("method", call.Method);
            json.WriteString("name", call.Name);
            json.WriteString("began", call.Began);
            json.WriteNumber("milliseconds", Math.Round(call.Elapsed.TotalMilliseconds, 3));
            if (call.Outcome is { } outcome)
            {
                json.WriteString("outcome", RequestMeter.Label(outcome));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Lower(string word) => word.ToLowerInvariant();
}
