namespace Peregrine.Server.Content;

/// <summary>The kinds of content.</summary>
internal enum ContentKind
{
    Text,
    Image,
    Audio,
    ResourceLink,
    Resource,
}
