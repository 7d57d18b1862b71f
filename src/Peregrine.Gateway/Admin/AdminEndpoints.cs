using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Hosting;
using Peregrine.Server.AspNetCore.Monitoring;

namespace Peregrine.Gateway.Admin;

/// <summary>The admin API of a gateway, at <c>/admin</c>: what it answers where, to whom the guard lets in. Immutable and thread-safe.</summary>
internal sealed class AdminEndpoints
{
    private readonly AdminGuard _guard;
    private readonly AdminViews _views;
    private readonly AdminActions _actions;
    private readonly ILogger _logger;
    private readonly (string Method, string Path, RequestDelegate Answer)[] _routes;

    /// <summary>Makes the API; nothing is mapped yet.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="guard">Who is let in.</param>
    /// <param name="sessions">The sessions of its endpoints.</param>
    /// <param name="connections">Counts connections from clients.</param>
    internal AdminEndpoints(PeregrineGateway gateway, AdminGuard guard, SessionDirectory sessions, ConnectionGauge connections)
    {
        _guard = guard;
        _logger = gateway.Loggers.CreateLogger("Peregrine.Gateway.Admin");
        _views = new AdminViews(gateway, sessions, connections);
        _actions = new AdminActions(gateway, sessions, _logger);
        _routes =
        [
            ("GET", "/admin/status", _views.StatusAsync),
            ("GET", "/admin/upstreams", _views.UpstreamsAsync),
            ("GET", "/admin/catalog", _views.CatalogAsync),
            ("GET", "/admin/changes", _views.ChangesAsync),
            ("GET", "/admin/calls", _views.CallsAsync),
            ("GET", "/admin/sessions", _views.SessionsAsync),
            ("GET", "/admin/switches", _views.SwitchesAsync),
            ("POST", "/admin/upstreams/{name}/restart", _actions.RestartAsync),
            ("POST", "/admin/upstreams/{name}/drain", context => _actions.DrainAsync(context, drain: true)),
            ("POST", "/admin/upstreams/{name}/enable", context => _actions.DrainAsync(context, drain: false)),
            ("POST", "/admin/upstreams/{name}/members/{member}/eject", context => _actions.EjectAsync(context, eject: true)),
            ("POST", "/admin/upstreams/{name}/members/{member}/readmit", context => _actions.EjectAsync(context, eject: false)),
            ("POST", "/admin/upstreams/{name}/accept", _actions.AcceptAsync),
            ("PUT", "/admin/switches/{name}", _actions.SetSwitchAsync),
            ("DELETE", "/admin/sessions/{name}", _actions.EndSessionAsync),
            ("POST", "/admin/cache/clear", _actions.ClearCacheAsync),
            ("POST", "/admin/reload", _actions.ReloadAsync),
        ];
    }

    /// <summary>Maps it.</summary>
    internal void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (method, path, answer) in _routes)
        {
            endpoints.MapMethods(path, [method], context => AnswerAsync(context, answer));
        }

        endpoints.Map("/admin/{**rest}", context => AnswerAsync(context, RefuseUnknownAsync));
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        if (_guard.Refuse(context) is { } refusal)
        {
            await AdminReply.RefuseAsync(context, refusal.Status, refusal.Sentence).ConfigureAwait(false);
            return;
        }

        try
        {
            await answer(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            AdminLog.Failed(_logger, exception);
            await AdminReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, "Internal error: the gateway failed to answer; its log has the details").ConfigureAwait(false);
        }
    }

    private Task RefuseUnknownAsync(HttpContext context) => AdminReply.RefuseAsync(context, StatusCodes.Status404NotFound,
        $"There is nothing for {context.Request.Method} here. There is: {string.Join(", ", _routes.Select(static route => $"{route.Method} {route.Path}"))}");
}
