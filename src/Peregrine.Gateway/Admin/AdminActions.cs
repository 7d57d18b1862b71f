using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Caching;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Admin;

/// <summary>What the admin API does. Each action is logged with the address it came from. Thread-safe.</summary>
internal sealed class AdminActions(PeregrineGateway gateway, SessionDirectory sessions, ILogger logger)
{
    internal async Task RestartAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } upstream)
        {
            return;
        }

        if (!await upstream.RestartAsync(gateway.DrainTime, context.RequestAborted).ConfigureAwait(false))
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status409Conflict, $"The server \"{upstream.Name}\" runs in the gateway's own process; it cannot be begun anew").ConfigureAwait(false);
            return;
        }

        Note(context, $"the server {upstream.Name} was begun anew");
        await SendStateAsync(context, upstream).ConfigureAwait(false);
    }

    internal async Task DrainAsync(HttpContext context, bool drain)
    {
        if (await FindAsync(context).ConfigureAwait(false) is { } upstream)
        {
            upstream.IsDrained = drain;
            Note(context, drain ? $"the server {upstream.Name} was taken out of service" : $"the server {upstream.Name} was put into service again");
            await SendStateAsync(context, upstream).ConfigureAwait(false);
        }
    }

    /// <summary>Takes one of a server's places out of use, or puts it back.</summary>
    internal async Task EjectAsync(HttpContext context, bool eject)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } upstream)
        {
            return;
        }

        var name = context.Request.RouteValues["member"] as string ?? "";
        if (upstream is not BalancedUpstream balanced || !balanced.TryTakeOut(name, eject))
        {
            var members = (upstream as BalancedUpstream)?.Members.Select(static member => member.Name).ToArray() ?? [];
            await AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound,
                members.Length == 0 ? $"The server \"{upstream.Name}\" is in one place only; POST /admin/upstreams/{upstream.Name}/drain takes it out of service"
                : $"The server \"{upstream.Name}\" has no member \"{ConfigNode.Shorten(name)}\". There are: {string.Join(", ", members)}").ConfigureAwait(false);
            return;
        }

        Note(context, eject ? $"the member {name} of the server {upstream.Name} was taken out of use" : $"the member {name} of the server {upstream.Name} was put back into use");
        await AdminReply.SendAsync(context, json =>
        {
            json.WriteString("name", upstream.Name);
            GatewayStatusWriter.WriteMembers(json, upstream);
        }).ConfigureAwait(false);
    }

    internal async Task AcceptAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } upstream || await AdminBody.ReadAsync(context, "tool").ConfigureAwait(false) is not { } body)
        {
            return;
        }

        string? tool = null;
        if (body.TryGetProperty("tool", out var member))
        {
            if (member.ValueKind != JsonValueKind.String)
            {
                await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "\"tool\" must be the tool's name at its server, a string; leave it out to accept all changes of the server").ConfigureAwait(false);
                return;
            }

            tool = member.GetString();
        }

        var accepted = await upstream.AcceptAsync(tool, context.RequestAborted).ConfigureAwait(false);
        if (accepted == 0 && tool is not null)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound, $"No change of the tool \"{ConfigNode.Shorten(tool)}\" of \"{upstream.Name}\" waits to be accepted; GET /admin/changes lists those that do").ConfigureAwait(false);
            return;
        }

        Note(context, $"{accepted} changes of tools of {upstream.Name} were accepted");
        await AdminReply.SendAsync(context, json => json.WriteNumber("accepted", accepted)).ConfigureAwait(false);
    }

    internal async Task SetSwitchAsync(HttpContext context)
    {
        if (await AdminBody.ReadAsync(context, "on", "percent").ConfigureAwait(false) is not { } body)
        {
            return;
        }

        if (PercentOf(body) is not { } percent)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "Send {\"on\": true}, {\"on\": false}, or {\"percent\": N} with an integer from 0 to 100").ConfigureAwait(false);
            return;
        }

        var name = NameOf(context);
        foreach (var list in gateway.SwitchLists)
        {
            if (list.TrySet(name, percent))
            {
                Note(context, $"the switch {name} was set to {percent} %");
                await AdminReply.SendAsync(context, json =>
                {
                    json.WriteString("name", name);
                    json.WriteBoolean("on", percent > 0);
                    json.WriteNumber("percent", percent);
                }).ConfigureAwait(false);
                return;
            }
        }

        await AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound,
            $"There is no switch \"{ConfigNode.Shorten(name)}\". There are: {string.Join(", ", gateway.SwitchLists.SelectMany(static list => list.All).Select(static one => one.Name))}").ConfigureAwait(false);
    }

    internal async Task EndSessionAsync(HttpContext context)
    {
        var name = NameOf(context);
        if (!await sessions.EndAsync(name).ConfigureAwait(false))
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound, $"No session is named \"{ConfigNode.Shorten(name)}\"; GET /admin/sessions lists those that are open").ConfigureAwait(false);
            return;
        }

        Note(context, $"the session {name} was ended");
        await AdminReply.SendAsync(context, json => json.WriteString("ended", name)).ConfigureAwait(false);
    }

    internal async Task ClearCacheAsync(HttpContext context)
    {
        if (await AdminBody.ReadAsync(context, "tag", "name", "upstream").ConfigureAwait(false) is not { } body)
        {
            return;
        }

        if (body.EnumerateObject().Any(static member => member.Value.ValueKind != JsonValueKind.String) || (body.TryGetProperty("tag", out _) && body.TryGetProperty("upstream", out _)))
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest,
                "Send {\"name\": \"TOOL OR URI\"}, {\"tag\": \"TAG\"}, {\"upstream\": \"SERVER\"}, a name with one of the others, or nothing to drop all results").ConfigureAwait(false);
            return;
        }

        var dropped = await gateway.Policies.Cache.ClearAsync(new CacheSelection
        {
            Name = body.TryGetProperty("name", out var name) ? name.GetString() : null,
            Tag = body.TryGetProperty("tag", out var tag) ? tag.GetString() : body.TryGetProperty("upstream", out var upstream) ? CacheNames.OfServer(upstream.GetString()!) : null,
        }, context.RequestAborted).ConfigureAwait(false);
        Note(context, $"{dropped} kept results were dropped");
        await AdminReply.SendAsync(context, json => json.WriteNumber("dropped", dropped)).ConfigureAwait(false);
    }

    internal async Task ReloadAsync(HttpContext context)
    {
        if (gateway.ConfigurationFile is not { } file)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status409Conflict, "This gateway was started without a configuration file; there is nothing to read again").ConfigureAwait(false);
            return;
        }

        var read = await GatewayConfigurationReader.ReadFileAsync(file, context.RequestAborted).ConfigureAwait(false);
        if (!read.IsValid)
        {
            await AdminReply.SendAsync(context, json =>
            {
                json.WriteString("error", "The file has errors; the gateway goes on with the configuration it has");
                GatewayStatusWriter.WriteTexts(json, "errors", [.. read.Errors.Select(static error => error.ToString())]);
            }, StatusCodes.Status422UnprocessableEntity).ConfigureAwait(false);
            return;
        }

        var result = await gateway.ReloadAsync(read.Configuration, context.RequestAborted).ConfigureAwait(false);
        Note(context, "the configuration was read again");
        await AdminReply.SendAsync(context, json =>
        {
            GatewayStatusWriter.WriteTexts(json, "added", result.Added);
            GatewayStatusWriter.WriteTexts(json, "changed", result.Changed);
            GatewayStatusWriter.WriteTexts(json, "removed", result.Removed);
            json.WriteBoolean("policiesChanged", result.PoliciesChanged);
            GatewayStatusWriter.WriteTexts(json, "notApplied", result.NotApplied);
        }).ConfigureAwait(false);
    }

    private static int? PercentOf(JsonElement body)
    {
        if (body.TryGetProperty("on", out var on))
        {
            return on.ValueKind switch { JsonValueKind.True => 100, JsonValueKind.False => 0, _ => null };
        }

        return body.TryGetProperty("percent", out var percent) && percent.ValueKind == JsonValueKind.Number && percent.TryGetInt32(out var number) && number is >= 0 and <= 100 ? number : null;
    }

    private static string NameOf(HttpContext context) => context.Request.RouteValues["name"] as string ?? "";

    private static Task SendStateAsync(HttpContext context, Upstream upstream) => AdminReply.SendAsync(context, json =>
    {
        json.WriteString("name", upstream.Name);
        json.WriteString("state", GatewayStatusWriter.StateName(upstream.State));
        json.WriteBoolean("drained", upstream.IsDrained);
        json.WriteNumber("inFlight", upstream.InFlight);
    });

    // Null where it was answered that there is none.
    private async ValueTask<Upstream?> FindAsync(HttpContext context)
    {
        var name = NameOf(context);
        var found = gateway.Upstreams.FirstOrDefault(upstream => upstream.Name == name);
        if (found is null)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound,
                $"There is no server \"{ConfigNode.Shorten(name)}\". There are: {string.Join(", ", gateway.Upstreams.Select(static upstream => upstream.Name))}").ConfigureAwait(false);
        }

        return found;
    }

    private void Note(HttpContext context, string action) => AdminLog.Done(logger, context.Connection.RemoteIpAddress?.ToString() ?? "unknown", action);
}
