using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Access;

/// <summary>
/// Refuses calls of a tool to callers who lack its scopes or roles, ahead of all else: what is refused has not run, uses no key and learns nothing of the tool's arguments. The peer of a pipe is whoever
/// started the process or holds the other end; where its host names no user, it may call everything.
/// </summary>
internal sealed class AccessStep(IReadOnlyList<string> scopes, IReadOnlyList<string> roles) : CallStep
{
    /// <summary>The step for a tool; null where everybody may call it.</summary>
    internal static CallStep? StepFor(McpToolHandler tool) =>
        tool.Definition is { Scopes.Count: 0, Roles.Count: 0 } ? null : new AccessStep(tool.Definition.Scopes, tool.Definition.Roles);

    /// <inheritdoc/>
    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
    {
        var refusal = Judge(exchange);
        if (refusal == AccessRefusal.None)
        {
            return NextAsync(tool, exchange);
        }

        exchange.Fail(ErrorCodes.InvalidRequest, $"Invalid request: the tool \"{tool.Definition.Name}\" {Explain(refusal)}");
        exchange.AccessRefusal = refusal;
        return default;
    }

    private AccessRefusal Judge(McpExchange exchange)
    {
        if (exchange.User is not { Identity.IsAuthenticated: true } user)
        {
            return exchange.User is null && exchange.NetworkTransport == "pipe" ? AccessRefusal.None : AccessRefusal.NoUser;
        }

        return !ScopeClaims.HasAll(user, scopes) ? AccessRefusal.LacksScope
            : roles.Count > 0 && !roles.Any(user.IsInRole) ? AccessRefusal.LacksRole
            : AccessRefusal.None;
    }

    private string Explain(AccessRefusal refusal) => refusal switch
    {
        AccessRefusal.NoUser => "is only for callers who have signed in; call it with credentials",
        AccessRefusal.LacksScope => $"needs the scopes {string.Join(' ', scopes)}; call it with a token that has them all",
        _ => $"is only for callers with one of the roles {string.Join(", ", roles)}",
    };
}
