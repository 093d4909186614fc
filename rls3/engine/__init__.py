"""The embedded scene engine: a program that the real ai2thor Controller starts and drives over AI2-THOR's protocol.

Its parts from the street to the cellar; each knows those below it only (`.importlinter` keeps this true):

    launcher, program   the supervisor that the client starts, and the process that serves it
    protocol            transports, replies and the dispatch of actions
    actions             what AI2-THOR's actions do, one function each
    metadata            the records of a reply
    sight               what agents see, and from where something can be seen
    session             what one client works with
    scenes              scenes by name
    houses, rooms       ProcTHOR's houses, and iTHOR's rooms made from their names
    mesh_pack           meshes from outside
    navigation          where agents can stand and walk
    physics             what collides, carries and falls; placing, holding, reshaping
    pictures            pictures of the world with their labels
    world               the scene as data
    render              Warp kernels: colour, depth, ids and normals
    geometry, memory    poses, boxes and polygons; giving memory back
"""
