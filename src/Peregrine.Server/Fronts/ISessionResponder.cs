using Peregrine.Server.Sessions;

namespace Peregrine.Server.Fronts;

/// <summary>A responder that wants to know of sessions. Thread-safe.</summary>
internal interface ISessionResponder : IMcpResponder
{
    /// <summary>The client has sent <c>notifications/initialized</c>; called once or more, perhaps on the thread that reads the connection: must not block.</summary>
    void OnInitialized(PeregrineSession session);

    /// <summary>The session was taken from a store, with what was in its <see cref="PeregrineSession.State"/>; nobody else has it yet. Must not block.</summary>
    void OnRevived(PeregrineSession session);
}
