namespace Peregrine.Server.Fronts;

/// <summary>A responder that takes some requests without their body having been read, to forward it as it comes. Thread-safe.</summary>
public interface IUnreadBodyResponder : IMcpResponder
{
    /// <summary>
    /// Asked by a front that knows era, method and name before it has read the body (HTTP, stateless era): read and scan it, or hand it on unread?
    /// </summary>
    /// <param name="head">What the headers say. Not yet compared with the body: whoever takes the body unread leaves that to whom it forwards.</param>
    BodyMode ChooseBody(in RequestHead head);
}
