using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>A responder in the same process that says at once what it tells its own clients of. Thread-safe.</summary>
internal interface IChangeSource
{
    /// <summary>Fires when lists have changed, on the thread that changed them: must not block, and must not change them again.</summary>
    event Action<RegistryChange>? ListsChanged;

    /// <summary>Fires when a resource was updated; the argument is its URI. On the thread that says so: must not block.</summary>
    event Action<string>? ResourceUpdated;
}
