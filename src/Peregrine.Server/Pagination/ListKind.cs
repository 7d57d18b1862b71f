namespace Peregrine.Server.Pagination;

/// <summary>The lists that are given in pages. The numbers are part of cursors.</summary>
internal enum ListKind : byte
{
    Tools = 1,
    Prompts = 2,
    Resources = 3,
    ResourceTemplates = 4,
}
