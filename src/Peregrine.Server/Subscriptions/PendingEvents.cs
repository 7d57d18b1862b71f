namespace Peregrine.Server.Subscriptions;

/// <summary>What a listener has yet to be sent, apart from updates of resources. The first three have the values of <see cref="Registry.RegistryChange"/>.</summary>
[Flags]
internal enum PendingEvents : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>notifications/tools/list_changed</c></summary>
    Tools = 1,

    /// <summary><c>notifications/prompts/list_changed</c></summary>
    Prompts = 2,

    /// <summary><c>notifications/resources/list_changed</c></summary>
    Resources = 4,

    /// <summary>All three.</summary>
    Lists = Tools | Prompts | Resources,

    /// <summary>Something that keeps the connection alive.</summary>
    KeepAlive = 8,

    /// <summary>That the stream ends, where its front says so apart from the result (stdio: <c>notifications/cancelled</c>).</summary>
    EndNotice = 16,

    /// <summary>The result of the request that opened the stream.</summary>
    End = 32,
}
