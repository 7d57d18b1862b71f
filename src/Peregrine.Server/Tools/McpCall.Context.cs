using System.Security.Claims;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Tools;

// What surrounds a call.
public readonly partial struct McpCall
{
    /// <summary>The name of the tool or prompt, or the address of the resource or the template, that is called.</summary>
    public string Name => Exchange.Handler?.Name ?? "";

    /// <summary>The tool that is called; null for a prompt or a resource.</summary>
    public McpToolDefinition? Tool => (Exchange.Handler as McpToolHandler)?.Definition;

    /// <summary>Who called, where the host has authenticated its callers (HTTP); null where it has not.</summary>
    public ClaimsPrincipal? User => Exchange.User;

    /// <summary>
    /// By what the caller is told from others, where the host has authenticated it: the claim of its identifier, else <c>sub</c>, else its name. Null for an anonymous one.
    /// </summary>
    public string? Principal => Exchange.Principal;

    /// <summary>Which program the client says it is; null where it does not say. Not proven.</summary>
    public McpClientInfo? ClientInfo => Exchange.ClientInfo;

    /// <summary>The session's id where it has one on the wire (HTTP, session era), else null.</summary>
    public string? SessionId => Exchange.Session?.Id;

    /// <summary>What filters and the tool hand each other during this call; empty at its beginning. Not thread-safe.</summary>
    public IDictionary<object, object?> Items => State.Items;

    /// <summary>True once a result or an error was returned.</summary>
    public bool HasResult => Exchange.Reply.Length > 0;

    /// <summary>True once what was returned is an error, or a result that says that the tool failed.</summary>
    public bool IsError => Exchange is { } exchange && exchange.Reply.Length > 0 && (exchange.IsToolError || exchange.ErrorCode != 0);

    /// <summary>What the tool has thrown, where it failed so: for filters, once what they handed on has ended. Null where it did not.</summary>
    public Exception? Failure => Exchange.Failure;

    internal CallState State => Exchange.OpenState(_generation);

    /// <summary>A writer over memory from a pool, which is given back when the call has ended, also where it fails. Not to be used afterwards; need not be disposed.</summary>
    /// <param name="initialCapacity">Bytes taken at first; more than zero. It grows.</param>
    public PooledByteWriter RentWriter(int initialCapacity = 4096) => State.Rent(initialCapacity);
}
